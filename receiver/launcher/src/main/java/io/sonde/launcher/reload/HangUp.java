package io.sonde.launcher.reload;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * SIGHUP, which ends a JVM that does not ask for it. The JDK has no public way to: {@code
 * sun.misc.Signal} is exported by jdk.unsupported for programs that need one, and used by name
 * since the compiler warns of every other use.
 */
public final class HangUp {
  private static final Logger LOG = Logger.getLogger(HangUp.class.getName());

  private HangUp() {}

  /**
   * @param action runs on a thread of the JVM's; must not block
   */
  public static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler onSignal =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
            }
            return null;
          };
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("HUP"),
              Proxy.newProxyInstance(
                  HangUp.class.getClassLoader(), new Class<?>[] {handler}, onSignal));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "SIGHUP cannot be asked for: the configuration is read once only", e);
    }
  }
}
