// SPDX-License-Identifier: Apache-2.0
// What somebody may hand in instead of a report in XML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/report/summary.hpp"

namespace ostler::report {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

TEST(XmlReader, RefusesWhatIsHostile) {
  const std::string laughs =
      "<!DOCTYPE t [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
      "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><testsuites>&c;</testsuites>";
  const std::pair<std::string, const char*> texts[] = {
      {laughs, "line 1, column "},
      {laughs, "it declares entities, which are not read"},
      {"<!DOCTYPE t [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]><testsuites/>",
       "it declares entities"},
      {"<!DOCTYPE t [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuites>&x;</testsuites>",
       "it declares entities"},
      {"<!DOCTYPE t [" + times(100'000, "<!ATTLIST testsuites a CDATA #IMPLIED>") +
           "]><testsuites/>",
       "it declares attributes, which are not read"},
      {times(100'000, "<testsuite>"), "elements are in each other more than 100 deep"},
      {"<testsuites><testcase name='a'>", "line 1, column 32: "},
      {"<testsuites><testcase name='\xff\xfe'/></testsuites>", "not well-formed"},
      {"<testsuites>\0</testsuites>"s, "not well-formed"},
      {"<testsuites><testcase name='\x1b[31m'/></testsuites>", "not well-formed"},
      {"<testsuites>&nothing;</testsuites>", "undefined entity"},
      {"<?xml version='1.0' encoding='EBCDIC'?><testsuites/>", "encoding"},
      {"<testsuites/><testsuites/>", "junk after document element"}};
  for (const auto& [text, fault] : texts) {
    EXPECT_THAT(fault_of("junit", text), HasSubstr(fault)) << text.substr(0, 200);
  }
}

TEST(XmlReader, ReadsWhatIsFarAwayFromNowhere) {
  const std::string begin =
      "<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>";
  EXPECT_EQ(fault_of("coverage", begin + "<coverage/>"), "");
  EXPECT_EQ(fault_of("coverage", begin + "<coverage>&theirs;</coverage>"), "");
}

TEST(XmlReader, ReadsTheEncodingsThatToolsWrite) {
  EXPECT_EQ(
      summary_of("junit",
                 "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite>"
                 "<testcase name='\xe9'><error/></testcase></testsuite>")["failed"][0]["name"],
      "\u00E9");
  EXPECT_EQ(fault_of("junit", "\xEF\xBB\xBF<testsuites/>"), "");
}

TEST(XmlReader, TakesOneLongAttributeAtOnce) {
  const auto summary =
      summarize("junit", "<testsuite name='" + std::string(20u << 20, 'a') + "'/>");
  EXPECT_TRUE(summary);
}

TEST(XmlReader, SaysHowLongAReportMayBe) {
  EXPECT_EQ(fault_of("junit", std::string(kLongestReport + 1, ' ')), "it is longer than 64 MiB");
}

}  // namespace
}  // namespace ostler::report
