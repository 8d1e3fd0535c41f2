package io.sonde.pipeline.identity.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sonde.pipeline.event.ProcessStarted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          python3 app.py                                             | basket
          python3 /app/app.py                                        | app
          python3 -u -X dev -W ignore /opt/shop/orders.py --port 80  | orders
          python3 -Wignore orders.py                                 | orders
          python3 -m http.server 8000                                | http.server
          python3 -um shop                                           | shop
          python3 -mshop                                             | shop
          python3 -c import.this                                     | python3.11
          python3 -                                                  | python3.11
          python3                                                    | python3.11
          python3 manage.py runserver                                | basket
          python3 /srv/shop/src/main.py                              | shop
          python3 /app/main.py                                       | main
          python3 /usr/bin/gunicorn -b 0.0.0.0:80 -w 2 shop.wsgi:app | shop
          python3 /usr/bin/gunicorn --bind localhost:8000 shop:create() | shop
          python3 -m gunicorn shop.wsgi                              | gunicorn
          python3 /usr/bin/gunicorn app:app                          | app
          python3 /usr/bin/uvicorn --factory src.shop.main:create    | shop
          python3 -m uvicorn shop.main:app --port 80                 | shop
          python3 -m flask --app shop run                            | shop
          python3 /usr/bin/flask --app=shop.py:app run               | shop
          python3 /usr/bin/celery -A shop.tasks worker               | shop
          python3 /usr/bin/shop-server                               | shop-server
          gunicorn: worker [shop.wsgi:app]                           | shop
          gunicorn: master [shop]                                    | shop
          """)
  void ofPythonIsTheScriptModuleOrApplication(String line, String name) {
    assertThat(name("/usr/bin/python3.11", line)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node orders.js                                    | orders
          node server.js                                    | basket
          node /usr/src/app/server.js                       | server
          node --inspect --require ./tracing.js orders.mjs  | orders
          node -r dotenv/config dist/main.js                | basket
          node /srv/shop/dist/index.js                      | shop
          node /app/dist/main.js                            | main
          node .                                            | basket
          node /app/node_modules/.bin/next start            | next
          node -e setTimeout                                | node
          node --env-file .env --max-old-space-size=512 api.ts | api
          node                                              | node
          """)
  void ofNodeIsTheScriptOrItsFolder(String line, String name) {
    assertThat(name("/usr/bin/node", line)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java -jar shop-1.2.jar                                     | shop
          java -Xmx1g -jar /opt/shop-api-2.0.0.RELEASE-exec.jar -jar x | shop-api
          java -jar app-0.0.1-SNAPSHOT.jar                           | app
          java -jar shop-1.0.0-20260101.120000-1.jar                 | shop
          java -jar shop-v3-rc1-all.jar                              | shop
          java -jar shop-1.2-3f4e5d6c7b.jar                          | shop
          java -jar log4j2-shop.jar                                  | log4j2-shop
          java -jar 1.2.jar                                          | 1.2
          java -cp a.jar:b.jar -Dx=y --add-opens a/b=ALL com.acme.Shop x | Shop
          java -cp lib/* com.acme.shop.Main                          | shop
          java -classpath x org.apache.catalina.startup.Bootstrap start | catalina
          java -cp x org.springframework.boot.loader.JarLauncher     | java
          java --module-path mods -m com.acme/com.acme.shop.App      | shop
          java --module=com.acme.shop                                | com.acme.shop
          java -m jdk.httpserver -p 80                               | jdk.httpserver
          java @args Shop                                            | Shop
          java Shop.java                                             | Shop
          java                                                       | java
          """)
  void ofJavaIsTheJarOrTheMainClass(String line, String name) {
    assertThat(name("/usr/lib/jvm/java-17/bin/java", line)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /usr/bin/ruby3.1 | ruby shop.rb                                   | shop
          /usr/bin/ruby3.1 | ruby -I lib -r json /usr/bin/puma -b tcp://::1 | basket
          /usr/bin/ruby3.1 | ruby /usr/bin/puma --tag orders config.ru      | orders
          /usr/bin/ruby3.1 | puma 5.6.5 (tcp://127.0.0.1:9292) [shop]       | shop
          /usr/bin/ruby3.1 | puma: cluster worker 0: 17 [shop]              | shop
          /usr/bin/ruby3.1 | ruby bin/rails server                          | basket
          /usr/bin/ruby3.1 | ruby -e sleep                                  | ruby3.1
          /usr/bin/php8.2  | php -S 0.0.0.0:80 -t public router.php         | router
          /usr/bin/php8.2  | php -d x=y -S 0.0.0.0:80 /srv/shop/public/index.php | shop
          /usr/bin/php8.2  | php artisan serve                              | basket
          /usr/bin/php8.2  | php -S 0.0.0.0:80                              | php8.2
          /usr/bin/php8.2  | php -r sleep(1);                               | php8.2
          /usr/sbin/php-fpm8.2 | php-fpm: pool shop                         | shop
          /usr/sbin/php-fpm8.2 | php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf) | php-fpm
          /usr/bin/dotnet  | dotnet Shop.Api.dll --urls http://+:80         | Shop.Api
          /usr/bin/dotnet  | dotnet exec --depsfile x.json /app/Shop.DLL    | Shop
          /usr/bin/dotnet  | dotnet run                                     | basket
          /usr/bin/dotnet  | dotnet                                         | dotnet
          /usr/sbin/nginx  | nginx: master process /usr/sbin/nginx          | nginx
          /srv/shop        | /srv/shop --token hunter2                      | shop
          """)
  void ofOthersIsTheirScriptPoolOrExecutable(String executable, String line, String name) {
    assertThat(name(executable, line)).isEqualTo(name);
  }

  @Test
  void ofAProcessThatWasGoneIsEmpty() {
    assertThat(CommandName.of(process("", "", List.of()))).isEmpty();
  }

  /** No exception and no long search, whatever a process calls itself. */
  @Test
  void ofAnythingElseIsSomething() {
    String[] words = {"-jar", "-m", "-", "--", "", "/", ".", "-1", "x.jar", ":", "=", "-cp", "a:b"};
    Random random = new Random(5);
    for (String executable : List.of("python3", "node", "java", "ruby", "php", "dotnet")) {
      for (int round = 0; round < 2000; round++) {
        List<String> arguments = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
          arguments.add(words[random.nextInt(words.length)] + words[random.nextInt(words.length)]);
        }
        assertThatCode(() -> CommandName.of(process(executable, "", arguments)))
            .as("%s %s", executable, arguments)
            .doesNotThrowAnyException();
      }
      String endless = "a-1" + "-1234567.1b2".repeat(300) + "!.jar";
      assertThat(CommandName.of(process(executable, "/", List.of("x", "-jar", endless))))
          .isNotNull();
    }
  }

  private static String name(String executable, String line) {
    boolean title = line.contains(": ") || line.contains("[");
    List<String> arguments = title ? List.of(line, "", "") : Arrays.asList(line.split(" +"));
    return CommandName.of(process(executable, "/home/me/basket", arguments));
  }

  private static ProcessStarted process(
      String executable, String directory, List<String> arguments) {
    return new ProcessStarted(
        1, 1, 1, 0, 1, executable, arguments, directory, "", "", "", 1, Map.of(), List.of());
  }
}
