// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_annotations.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::wire {
namespace {

using model::AnnotationScope;
using model::AnnotationStyle;
using nlohmann::json;

TEST(AnnotationRequest, GoesThereAndBack) {
  const json sent = {{"body", "b"},    {"context", "c"}, {"style", "warning"},
                     {"append", true}, {"priority", 10}, {"scope", "job"}};
  const auto read = decode_annotation_request(sent.dump());
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value().scope, AnnotationScope::Job);
  EXPECT_EQ(read.value().change.style, AnnotationStyle::Warning);
  EXPECT_EQ(json::parse(encode(read.value())), sent);
}

TEST(AnnotationRequest, HasDefaultsForWhatIsLeftOut) {
  const auto read = decode_annotation_request("{}");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value().context, "default");
  EXPECT_EQ(read.value().scope, AnnotationScope::Build);
  EXPECT_EQ(read.value().change.style, std::nullopt);
  EXPECT_EQ(read.value().change.priority, std::nullopt);
  EXPECT_FALSE(read.value().change.append);
}

TEST(AnnotationRequest, RefusesWhatIsNone) {
  EXPECT_EQ(decode_annotation_request(R"({"style":"loud"})").error().code(), Errc::UserFault);
  EXPECT_EQ(decode_annotation_request(R"({"scope":"all"})").error().code(), Errc::UserFault);
  EXPECT_EQ(decode_annotation_request(R"({"body":1})").error().code(), Errc::Protocol);
  EXPECT_EQ(decode_annotation_request(R"({"append":"yes"})").error().code(), Errc::Protocol);
  EXPECT_EQ(decode_annotation_request("[]").error().code(), Errc::Protocol);
}

}  // namespace
}  // namespace ostler::wire
