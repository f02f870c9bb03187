// SPDX-License-Identifier: Apache-2.0
#include "hub/form_parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ostler::hub {
namespace {

struct Parsed {
  std::string file;
  bool complete = false;
  bool failed = false;
};

/// Feeds `body` in pieces of `step` bytes.
Parsed parse(std::string_view body, std::size_t step) {
  FormParser parser("b0und", "file");
  Parsed parsed;
  for (; !body.empty() && !parsed.failed; body.remove_prefix(std::min(step, body.size()))) {
    parsed.failed = !parser.feed(body.substr(0, step), parsed.file);
  }
  parsed.complete = parser.is_complete();
  return parsed;
}

void expect_file(const std::string& body, const std::string& file) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, body.size()}) {
    const Parsed parsed = parse(body, step);
    EXPECT_FALSE(parsed.failed) << "in pieces of " << step;
    EXPECT_TRUE(parsed.complete) << "in pieces of " << step;
    EXPECT_EQ(parsed.file, file) << "in pieces of " << step;
  }
}

std::string form_of(const std::string& file) {
  return "--b0und\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b\r\n"
         "--b0und\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;\\\"b.txt\"\r\n"
         "Content-Type: application/octet-stream\r\n\r\n" +
         file + "\r\n--b0und--\r\n";
}

TEST(FormParser, FindsTheFileWhereverThePiecesEnd) { expect_file(form_of("hello"), "hello"); }

TEST(FormParser, FindsAnEmptyFile) { expect_file(form_of(""), ""); }

TEST(FormParser, KeepsWhatOnlyLooksLikeABoundary) {
  for (const std::string file :
       {"\r\n", "--b0und", "\r\n--b0un", "\n--b0und\n", "\r\r\n--b0u", "\r\n--b0\r\n--b0un\r\n-"}) {
    expect_file(form_of(file), file);
  }
}

TEST(FormParser, TakesAPreambleAndAPartWithoutHeaders) {
  expect_file("nothing\r\n--b0und\r\n\r\nanonymous\r\n" + form_of("x"), "x");
}

TEST(FormParser, TakesTheFirstFileOnly) {
  const std::string part = "--b0und\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
  expect_file(part + "one\r\n" + part + "two\r\n--b0und--", "one");
}

TEST(FormParser, IsNotCompleteWithoutTheLastBoundary) {
  const std::string form = form_of("hello");
  EXPECT_FALSE(parse(form.substr(0, form.find("\r\n--b0und--")), 64).complete);
  EXPECT_FALSE(parse("--b0und--", 64).complete) << "a form without the file";
}

TEST(FormParser, RefusesABrokenForm) {
  EXPECT_TRUE(parse("--b0und rest\r\n", 64).failed);
  EXPECT_TRUE(parse("--b0und\r\nX: " + std::string(20'000, 'x'), 4096).failed) << "long headers";
}

TEST(FormParser, HoldsNoMoreThanABoundaryOfAFile) {
  FormParser parser("b0und", "file");
  std::string file;
  ASSERT_TRUE(
      parser.feed("--b0und\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n", file));
  ASSERT_TRUE(parser.feed(std::string(1u << 20, 'x'), file));
  EXPECT_GT(file.size(), (1u << 20) - 16);
}

TEST(FormParser, KeepsTheTextOfOneField) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{4096}}) {
    FormParser parser("b0und", "file", "key");
    const std::string form = form_of("hello");
    std::string file;
    for (std::string_view left = form; !left.empty();
         left.remove_prefix(std::min(step, left.size()))) {
      ASSERT_TRUE(parser.feed(left.substr(0, step), file));
      if (!file.empty()) EXPECT_EQ(parser.text(), "a/b");
    }
    EXPECT_EQ(file, "hello");
    EXPECT_EQ(parser.text(), "a/b");
  }
}

TEST(FormParser, RefusesATextThatIsTooLong) {
  FormParser parser("b0und", "file", "key");
  std::string file;
  const std::string head = "--b0und\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n";
  EXPECT_FALSE(parser.feed(head + std::string(20'000, 'x'), file));
}

TEST(FormParser, ReadsTheBoundary) {
  EXPECT_EQ(FormParser::boundary_in("multipart/form-data; boundary=abc").value(), "abc");
  EXPECT_EQ(FormParser::boundary_in("Multipart/Form-Data; charset=x; boundary=\"a b\"").value(),
            "a b");
  for (const std::string_view kind :
       {"", "text/plain", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/mixed; boundary=x"}) {
    EXPECT_FALSE(FormParser::boundary_in(kind)) << kind;
  }
  EXPECT_FALSE(FormParser::boundary_in("multipart/form-data; boundary=" + std::string(71, 'x')));
}

}  // namespace
}  // namespace ostler::hub
