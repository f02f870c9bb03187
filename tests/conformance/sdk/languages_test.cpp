// SPDX-License-Identifier: Apache-2.0
// Every language of the SDK offers every call that the C headers have.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "files/file.hpp"

namespace ostler::sdk {
namespace {

namespace fs = std::filesystem;

fs::path root_of_sdk() { return fs::path(std::getenv("OSTLER_SOURCE_DIR")) / "sdk"; }

/// All files of a directory with that extension, one after the other.
std::string texts_in(const fs::path& directory, const std::string& extension) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() != extension) continue;
    all += files::read_file(entry.path()).value();
  }
  return all;
}

/// A function of a table in ostler/abi.h, or one that calls a method by name.
struct Call {
  std::string service;   ///< "ostler.meta-data/1"
  std::string method;    ///< "get", or the member of the table: "deadline_ns"
  std::string function;  ///< "ostler_meta_data_get"; empty: of a table

  std::string name() const { return service + "/" + method; }
};

std::map<std::string, std::string> service_ids(const std::string& headers) {
  static const std::regex line(R"re(#define (OSTLER_\w+_ID) "(ostler\.[a-z-]+/\d+)")re");
  std::map<std::string, std::string> ids;
  for (std::sregex_iterator it(headers.begin(), headers.end(), line), end; it != end; ++it) {
    ids[(*it)[1]] = (*it)[2];
  }
  ids.erase("OSTLER_STEP_FACTORY_ID");
  return ids;
}

std::vector<Call> calls_of_tables(const std::string& headers) {
  static const std::regex member(R"(\(\*(\w+)\)\(const ostler_host_t \*host)");
  std::vector<Call> calls;
  for (const auto& [macro, id] : service_ids(headers)) {
    std::string table = macro.substr(0, macro.size() - 3);
    std::ranges::transform(table, table.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t begin = headers.find("typedef struct " + table + " {");
    const std::size_t end = headers.find("} " + table + "_t;");
    // ostler_service is the table of all services that are called by name.
    if (begin == headers.npos || end == headers.npos || id == "ostler.service/1") continue;
    const std::string text = headers.substr(begin, end - begin);
    for (std::sregex_iterator it(text.begin(), text.end(), member), last; it != last; ++it) {
      calls.push_back({id, (*it)[1], ""});
    }
  }
  return calls;
}

std::vector<Call> calls_by_name(const std::string& headers) {
  static const std::regex function(
      R"(static inline \w+ (ostler_\w+)\(const ostler_host_t \*host,[^{;]*\{([^]*?)\n\})");
  static const std::regex direct(R"re(\bostler_call\(host,\s*(OSTLER_\w+_ID),\s*("?)([a-z-]+))re");
  static const std::regex helped(R"re(\b(ostler_\w+)\(host,\s*"([a-z-]+)")re");
  const auto ids = service_ids(headers);
  std::map<std::string, std::string> helpers;  // to the service that they call
  std::vector<Call> calls;
  for (std::sregex_iterator it(headers.begin(), headers.end(), function), end; it != end; ++it) {
    const std::string name = (*it)[1];
    const std::string body = (*it)[2];
    std::smatch match;
    if (std::regex_search(body, match, direct)) {
      const std::string id = ids.at(match[1]);
      if (match[2].length() == 0) {
        helpers[name] = id;
      } else {
        calls.push_back({id, match[3], name});
      }
    } else if (std::regex_search(body, match, helped)) {
      calls.push_back({helpers.at(match[1]), match[2], name});
    }
  }
  return calls;
}

std::string c_headers() { return texts_in(root_of_sdk() / "include/ostler", ".h"); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST(Languages, AreComparedWithAllServicesOfTheHeaders) {
  const std::string headers = c_headers();
  std::vector<std::string> met;
  for (const auto& calls : {calls_of_tables(headers), calls_by_name(headers)}) {
    for (const Call& call : calls) met.push_back(call.service);
  }
  for (const auto& [macro, id] : service_ids(headers)) {
    EXPECT_TRUE(std::ranges::find(met, id) != met.end()) << "no call of " << id << " was found";
  }
  EXPECT_GT(met.size(), 60u);
}

TEST(Languages, OfCxxCallEveryFunctionOfTheHeaders) {
  const std::string text = texts_in(root_of_sdk() / "include/ostler/cpp", ".hpp");
  for (const Call& call : calls_of_tables(c_headers())) {
    EXPECT_TRUE(has(text, "_->" + call.method)) << call.name();
  }
  for (const Call& call : calls_by_name(c_headers())) {
    const bool is_called = has(text, call.function + "(") || has(text, call.function + ",");
    EXPECT_TRUE(is_called) << call.name() << ", " << call.function;
  }
}

TEST(Languages, OfRustMakeEveryCall) {
  const std::string text = texts_in(root_of_sdk() / "templates/rust", ".rs");
  for (const Call& call : calls_of_tables(c_headers())) {
    EXPECT_TRUE(has(text, '"' + call.service + '"')) << call.service;
    // "type" is a word of the language.
    const std::string member = call.method == "type" ? "type_" : call.method;
    EXPECT_TRUE(std::regex_search(text, std::regex(R"(\.)" + member + R"(\b)"))) << call.name();
  }
  for (const Call& call : calls_by_name(c_headers())) {
    EXPECT_TRUE(has(text, '"' + call.name() + '"')) << call.name();
  }
}

TEST(Languages, OfRustHaveEveryFactInTheOrderOfTheTable) {
  const std::string text = texts_in(root_of_sdk() / "templates/rust", ".rs");
  const std::string headers = c_headers();
  const std::size_t begin = headers.find("typedef struct ostler_job_facts {");
  const std::string table = headers.substr(begin, headers.find("} ostler_job_facts_t;") - begin);
  static const std::regex member(R"(ostler_text_t (\w+);)");
  std::string all = "attempt: \\(\\*facts\\)\\.attempt,";
  for (std::sregex_iterator it(table.begin(), table.end(), member), end; it != end; ++it) {
    all += "\\s*" + (*it)[1].str() + ": next\\(\\),";
  }
  EXPECT_TRUE(std::regex_search(text, std::regex(all + "\\s*\\}"))) << all;
}

/// What Python has of the tables, which are messages of the wire to it.
const std::map<std::string, std::string> kTablesInPython = {
    {"ostler.log/1/write", "def log("},
    {"ostler.log/1/begin_group", "def group("},
    {"ostler.progress/1/report", "def progress("},
    {"ostler.cancel/1/reason", "self.cancel_reason"},
    {"ostler.cancel/1/descriptor", "def sleep("},  // threads of it wait, and poll nothing
    {"ostler.cancel/1/deadline_ns", "self.deadline"},
    {"ostler.cancel/1/begin_cleanup", "def begin_cleanup("},
    {"ostler.clock/1/now_ns", "def now("},
    {"ostler.clock/1/ticks_ns", "def ticks("},
    {"ostler.clock/1/sleep", "def sleep("},
    {"ostler.clock/1/retry", "def retry("},
    {"ostler.job/1/facts", "self.facts"},
    {"ostler.job/1/outcome", "\"ostler.job/1/outcome\""},
    {"ostler.output/1/get", "\"ostler.output/1/get\""},
    {"ostler.environment/1/get", "\"ostler.environment/1/get\""},
    {"ostler.environment/1/set", "\"ostler.environment/1/set\""},
    {"ostler.output/1/set", "\"ostler.output/1/set\""}};

TEST(Languages, OfPythonMakeEveryCall) {
  const std::string text =
      files::read_file(root_of_sdk() / "templates/python/ostler_step.py").value();
  for (const Call& call : calls_of_tables(c_headers())) {
    const auto known = kTablesInPython.find(call.name());
    // One call gives all of the configuration, as values of the language.
    const std::string part = call.service == "ostler.config/1" ? "\"ostler.config/1/json\""
                             : known == kTablesInPython.end()  ? call.name()
                                                               : known->second;
    EXPECT_TRUE(has(text, part)) << call.name();
  }
  for (const Call& call : calls_by_name(c_headers())) {
    const bool is_whole = has(text, '"' + call.name() + '"');
    const bool is_joined =
        has(text, '"' + call.service + "/\" + method") && has(text, "_ask(\"" + call.method + '"');
    EXPECT_TRUE(is_whole || is_joined) << call.name();
  }
}

}  // namespace
}  // namespace ostler::sdk
