// SPDX-License-Identifier: Apache-2.0
// sdk/reference.md is what the headers say, and they say all of each function.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "conformance/sdk/reference_page.hpp"
#include "files/file.hpp"

namespace ostler::sdk {
namespace {

namespace fs = std::filesystem;

fs::path sdk_directory() { return fs::path(std::getenv("OSTLER_SOURCE_DIR")) / "sdk"; }

/// With OSTLER_REWRITE_DOCS=1 the page is written instead of compared.
TEST(SdkReference, IsWhatTheHeadersSay) {
  const std::string page = reference_page(read_headers(sdk_directory() / "include"));
  const fs::path path = sdk_directory() / "reference.md";
  if (std::getenv("OSTLER_REWRITE_DOCS") != nullptr) {
    std::ofstream(path) << page;
    return;
  }
  EXPECT_TRUE(files::read_file(path).value() == page)
      << "the headers of the SDK have changed: run this test with OSTLER_REWRITE_DOCS=1";
}

TEST(SdkReference, HasAllOfEachFunctionOfC) {
  int functions = 0;
  for (const Header& header : read_headers(sdk_directory() / "include")) {
    if (!header.name.ends_with(".h")) continue;
    for (const Item& item : header.items) {
      if (item.kind != Item::Kind::Function) continue;
      ++functions;
      EXPECT_TRUE(item.terms.is_whole())
          << header.name << ": " << item.name << " lacks [thread & states | blocking | cancel]: \""
          << item.terms.thread << "\" \"" << item.terms.blocking << "\" \"" << item.terms.cancel
          << "\"";
    }
  }
  EXPECT_GT(functions, 60);
}

/// None is passed over: all that C code can call or must define.
TEST(SdkReference, KnowsEveryFunctionOfC) {
  const auto headers = read_headers(sdk_directory() / "include");
  const std::string page = reference_page(headers);
  const std::regex member(R"(\(\*(\w+)\)\((?:const struct|const ostler|ostler_text_t|void\)))");
  const std::regex call(
      R"(inline ostler_status_t (ostler_\w+)\(const ostler_host_t \*host,([^{]*))");
  for (const Header& header : headers) {
    if (!header.name.ends_with(".h")) continue;
    const std::string text = files::read_file(sdk_directory() / "include" / header.name).value();
    for (std::sregex_iterator it(text.begin(), text.end(), member), end; it != end; ++it) {
      EXPECT_NE(page.find("." + (*it)[1].str() + "\n"), page.npos) << (*it)[1];
    }
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
      const bool is_for_others = (*it)[2].str().find("char *method") != std::string::npos;
      if (is_for_others) continue;
      EXPECT_NE(page.find("#### " + (*it)[1].str() + "\n"), page.npos)
          << (*it)[1] << " has no comment";
    }
  }
}

}  // namespace
}  // namespace ostler::sdk
