// SPDX-License-Identifier: Apache-2.0
#include "cli/http_recorder.hpp"

#include <gtest/gtest.h>

namespace ostler::cli {
namespace {

TEST(HttpRecorder, KeepsNoPartOfASecretInWhateverForm) {
  HttpRecorder recorder;
  recorder.hide("SHORT", "abcdef");
  recorder.hide("LONG", "abcdef-\"+/");
  const auto done = recorder.record_send(
      {"POST", "https://a.example/?k=abcdef-%22%2B%2F", "X-A: abcdef-\"+/\nX-B: abcdef",
       R"({"k":"abcdef-\"+/"})", "0", "0", ""},
      "", [](const auto&) {});
  done(Error(Errc::Unavailable, "refused for abcdef"));
  const HttpExchange kept = recorder.exchanges().value().at(0);
  EXPECT_EQ(kept.url, "https://a.example/?k=LONG");
  EXPECT_EQ(kept.headers, (net::HttpHeaders{{"X-A", "LONG"}, {"X-B", "SHORT"}}));
  EXPECT_EQ(kept.body, R"({"k":"LONG"})");
  EXPECT_EQ(kept.failure->message(), "refused for SHORT");
}

}  // namespace
}  // namespace ostler::cli
