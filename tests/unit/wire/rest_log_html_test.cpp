// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_log_html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/rest_annotation_answers.hpp"

namespace ostler::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What stands between the tags of the page, given in pieces of `size` bytes.
std::string page(std::string_view log, std::size_t size = 1'000'000) {
  LogHtmlStream stream("t");
  std::string html = stream.begin();
  for (std::size_t at = 0; at < log.size(); at += size) html += stream.append(log.substr(at, size));
  html += stream.end();
  const std::size_t begin = html.find("<pre>") + 5;
  return html.substr(begin, html.rfind("</pre>") - begin);
}

TEST(LogHtml, ShowsEveryCharacterAsText) {
  EXPECT_EQ(page("<img src=x onerror=\"f('&')\">\n"),
            "&lt;img src=x onerror=&quot;f(&#39;&amp;&#39;)&quot;&gt;\n");
  EXPECT_EQ(page("no end"), "no end\n");
  LogHtmlStream stream("</title><script>");
  EXPECT_THAT(stream.begin(), Not(HasSubstr("<script>")));
}

TEST(LogHtml, TurnsColoursIntoClasses) {
  EXPECT_EQ(page("a\x1b[1;31mb\x1b[0mc\n"), "a<span class=\"term-fg31 term-fg1\">b</span>c\n");
  EXPECT_EQ(page("\x1b[38;5;208;44mx\x1b[39my\n"),
            "<span class=\"term-fgx208 term-bg44\">x</span><span class=\"term-bg44\">y</span>\n");
  EXPECT_EQ(page("\x1b[38;2;1;2;3mx\x1b[92my\x1b[mz\n"), "x<span class=\"term-fgi92\">y</span>z\n");
  EXPECT_EQ(page("\x1b[31ma\nb\n"),
            "<span class=\"term-fg31\">a</span>\n<span class=\"term-fg31\">b</span>\n");
}

TEST(LogHtml, ShowsALineThatWasOverwrittenAsItWasLast) {
  EXPECT_EQ(page("10%\r20%\r100%\r\nnext\r\n"), "100%\nnext\n");
  EXPECT_EQ(page("gone\x1b[2Kleft\n"), "left\n");
  EXPECT_EQ(page("\x1b[32m10%\r\x1b[0mdone\n"), "done\n");
}

TEST(LogHtml, PutsTheTimeBeforeItsLine) {
  EXPECT_EQ(page("\x1b_bk;t=1700000000123\ahello\n"),
            "<time datetime=\"2023-11-14T22:13:20.123Z\">22:13:20</time>hello\n");
  EXPECT_EQ(page("\x1b_bk;t=\"><script>\ax\n"), "x\n");
  EXPECT_EQ(page("\x1b_bk;t=99999999999999999999\ax\n"), "x\n");
}

TEST(LogHtml, LeavesOtherCodesOut) {
  EXPECT_EQ(page("\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\\n"), "link\n");
  EXPECT_EQ(page("a\x1b[2Jb\x1b[10;10Hc\x1b(Bd\x07\x08\x7f\n"), "abcd\n");
  EXPECT_EQ(page("\x1b_never ended\nnext\n"), "\nnext\n");
  EXPECT_EQ(page("\x1b[" + std::string(500, '1') + "mx\n"), "x\n");
}

TEST(LogHtml, IsTheSameInPiecesOfAnySize) {
  const std::string log =
      "\x1b_bk;t=1700000000123\a--- \x1b[1;33mBuild\x1b[0m\r\n\x1b]0;t\x1b\\50%\r\x1b[31m<b>\r\n"
      "\xE2\x9C\x93 done\n";
  for (const std::size_t size : {1u, 2u, 3u, 7u}) EXPECT_EQ(page(log, size), page(log)) << size;
}

TEST(LogHtml, HoldsNoLineForLong) {
  LogHtmlStream stream("t");
  EXPECT_GT(stream.append(std::string(200'000, 'x')).size(), 100'000u);
}

TEST(TextOfHtml, IsWhatItSays) {
  EXPECT_EQ(text_of_html("<p class=\"a\">1 &lt; 2 &amp;&amp; 3</p>\n"), "1 < 2 && 3\n");
  EXPECT_EQ(text_of_html("a < b & c"), "a < b & c");
  EXPECT_EQ(text_of_html(""), "");
  EXPECT_EQ(text_of_html("<ul>\n<li>a</li>\n</ul>\n<hr>\n<tr><td>1</td><td>2</td></tr>"),
            "\n- a\n\n---\n1  2  ");
  EXPECT_EQ(text_of_html("<b>a</b> < b"), "a < b");
  EXPECT_EQ(text_of_html(std::string(1 << 20, '<')), std::string(1 << 20, '<'));
}

}  // namespace
}  // namespace ostler::wire
