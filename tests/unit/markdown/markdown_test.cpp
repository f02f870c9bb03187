// SPDX-License-Identifier: Apache-2.0
#include "markdown/markdown.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace ostler::markdown {
namespace {

using testing::HasSubstr;
using testing::Lt;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::string repeated(std::string_view unit, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += unit;
  return text;
}

TEST(Markdown, BecomesHtml) {
  EXPECT_EQ(html_of("### 2 *failed*\nof `40` **tests**"),
            "<h3>2 <em>failed</em></h3>\n<p>of <code>40</code> <strong>tests</strong></p>\n");
  EXPECT_EQ(html_of("a  \nb\n\n---\n\n~~c~~"), "<p>a<br>\nb</p>\n<hr>\n<p><del>c</del></p>\n");
  EXPECT_EQ(html_of("3. a\n4. b\n"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
  EXPECT_EQ(html_of("```c++\na < b\n```"),
            "<pre><code class=\"language-c++\">a &lt; b\n</code></pre>\n");
  EXPECT_EQ(html_of("> a"), "<blockquote>\n<p>a</p>\n</blockquote>\n");
  EXPECT_EQ(html_of(""), "");
}

TEST(Markdown, HasTablesAndTasks) {
  EXPECT_EQ(html_of("|a|b|\n|---|---:|\n|1|2|\n"),
            "<table>\n<thead>\n<tr><th>a</th><th align=\"right\">b</th></tr>\n</thead>\n"
            "<tbody>\n<tr><td>1</td><td align=\"right\">2</td></tr>\n</tbody>\n</table>\n");
  EXPECT_EQ(html_of("- [x] a\n- [ ] b\n"),
            "<ul>\n<li><input type=\"checkbox\" disabled checked> a</li>\n"
            "<li><input type=\"checkbox\" disabled> b</li>\n</ul>\n");
}

TEST(Markdown, LinksAndShowsPictures) {
  EXPECT_EQ(html_of("[a](https://x.example/?a=1&amp;b=2)"),
            "<p><a href=\"https://x.example/?a=1&amp;b=2\" rel=\"nofollow noopener\">a</a></p>\n");
  EXPECT_THAT(html_of("https://x.example"), HasSubstr("href=\"https://x.example\""));
  EXPECT_THAT(html_of("[a](artifact://log.txt)"), HasSubstr("href=\"artifact://log.txt\""));
  EXPECT_EQ(html_of("![a *b* ![c](/d)](/e.png)"), "<p><img src=\"/e.png\" alt=\"a b c\"></p>\n");
}

TEST(Markdown, ShowsTagsAsTheyWereWritten) {
  EXPECT_EQ(html_of("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
  EXPECT_EQ(html_of("a <b onclick=x>"), "<p>a &lt;b onclick=x&gt;</p>\n");
  EXPECT_THAT(html_of("```\"><script>\na\n```"), Not(HasSubstr("<script")));
  EXPECT_THAT(html_of("![\"><script>](/a)"), Not(HasSubstr("<script")));
  EXPECT_THAT(html_of("[a](/\"onclick=\"x)"), Not(HasSubstr("\"onclick")));
}

TEST(Markdown, LinksToNothingThatActs) {
  for (const char* url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&#58;alert(1)",
        "javascript&colon;alert(1)", "java&#x0A;script:alert(1)", "data:text/html,x", "vbscript:x",
        "\\javascript:alert(1)", "&#106;avascript:alert(1)"}) {
    EXPECT_THAT(html_of("[a](" + std::string(url) + ")"), Not(HasSubstr("href"))) << url;
    EXPECT_THAT(html_of("![a](" + std::string(url) + ")"), Not(HasSubstr("src"))) << url;
    EXPECT_THAT(html_of("[a]\n\n[a]: " + std::string(url)), Not(HasSubstr("href"))) << url;
  }
}

TEST(Markdown, KeepsWhatIsNoText) {
  EXPECT_EQ(html_of(std::string_view("a\0b", 3)),
            "<p>a\xEF\xBF\xBD"
            "b</p>\n");
  EXPECT_EQ(html_of("\x80\xff"), "<p>\x80\xff</p>\n");
}

/// A definition that is named a thousand times would make a thousand copies of it.
TEST(Markdown, ShowsATextThatWouldGrowWithoutBoundAsItIsWritten) {
  const std::string text = "[a]: /" + repeated("b", 100'000) + "\n\n" + repeated("[a] ", 10'000);
  EXPECT_THAT(html_of(text), StartsWith("<pre>[a]: /bbb"));
  EXPECT_THAT(html_of(text), SizeIs(Lt(text.size() + 100)));
}

/// The parser would take ten seconds for each.
TEST(Markdown, ShowsATextOfManyLinksInOneParagraphAsItIsWritten) {
  for (const char* line : {"[a]\n", "[a](\n", "[a](b\n", "[a][\r\n", "www.a.b\n", "http://a.b\n",
                           "a@b.c\n", "[a]\r"}) {
    const std::string text = "[a]: /b\n\n" + repeated(line, 200'000);
    EXPECT_THAT(html_of(text), StartsWith("<pre>")) << line;
  }
  EXPECT_THAT(html_of(repeated("[INFO] built https://x.example/a\n", 5'000)),
              StartsWith("<p>[INFO] built <a href"));
}

TEST(Markdown, ClosesWhatItOpens) {
  for (const char* text : {"**www.a.b**(~~`", "~www.a.b~*- ****", " www.a.b[~(~",
                           "*__[~~http://a.b~~(](/x)", "[a http://a.b c](/d)"}) {
    std::vector<std::string> open;
    const std::string html = html_of(text);
    for (std::size_t at = 0; (at = html.find('<', at)) != html.npos; ++at) {
      const std::string tag = html.substr(at + 1, html.find_first_of(" >", at) - at - 1);
      if (tag.starts_with('/')) {
        ASSERT_FALSE(open.empty()) << html;
        EXPECT_EQ("/" + open.back(), tag) << html;
        open.pop_back();
      } else {
        EXPECT_FALSE(tag == "a" && std::ranges::find(open, "a") != open.end()) << html;
        open.push_back(tag);
      }
    }
    EXPECT_TRUE(open.empty()) << html;
  }
}

TEST(Markdown, BoundsNesting) {
  const std::string html = html_of(repeated("> ", 1000) + "a");
  std::size_t quotes = 0;
  for (std::size_t at = 0; (at = html.find("<blockquote>", at)) != html.npos; ++at) ++quotes;
  EXPECT_EQ(quotes, 32U);
  EXPECT_THAT(html, HasSubstr("<p>a</p>"));
}

}  // namespace
}  // namespace ostler::markdown
