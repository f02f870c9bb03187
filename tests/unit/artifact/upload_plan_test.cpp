// SPDX-License-Identifier: Apache-2.0
#include "artifact/upload_plan.hpp"

#include <gtest/gtest.h>

namespace ostler::artifact {
namespace {

Upload upload_of(const std::string& path, std::int64_t size) {
  Upload upload;
  upload.file = "/work/" + path;
  upload.artifact.path = path;
  upload.artifact.file_size = size;
  upload.artifact.content_type = "text/plain";
  return upload;
}

wire::UploadAction part(std::int64_t number) {
  wire::UploadAction action;
  action.url = "http://store/p?n=" + std::to_string(number);
  action.method = "PUT";
  action.part_number = number;
  return action;
}

wire::ArtifactBatchResponse form_response() {
  wire::UploadInstructions form;
  form.data = {{"key", "dir/${artifact:path}/${artifact:path}"}, {"policy", "p"}};
  form.action = wire::UploadAction{"https://store/old/path?sig=1", "POST", "bucket x", "file", 0};
  wire::ArtifactBatchResponse response;
  response.artifact_ids = {"a1"};
  response.upload_instructions = form;
  return response;
}

TEST(UploadPlan, SendsAFormToTheActionsPathAndKeepsTheQuery) {
  const auto units = plan_uploads({upload_of("l/a.txt", 3)}, form_response());
  ASSERT_TRUE(units) << units.error().message();
  ASSERT_EQ(units.value().size(), 1u);
  const net::HttpRequest& request = units.value()[0].request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://store/bucket%20x?sig=1");
  const auto& form = std::get<net::FormBody>(request.body);
  const std::vector<std::pair<std::string, std::string>> fields{{"key", "dir/l/a.txt/l/a.txt"},
                                                                {"policy", "p"}};
  EXPECT_EQ(form.fields, fields);
  EXPECT_EQ(form.file_field, "file");
  EXPECT_EQ(form.file_name, "l/a.txt");
  EXPECT_EQ(form.file, "/work/l/a.txt");
}

TEST(UploadPlan, SplitsAFileEvenlyInTheOrderOfPartNumbers) {
  wire::ArtifactBatchResponse response = form_response();
  wire::UploadInstructions parts;
  parts.actions = {part(3), part(1), part(2)};
  response.per_artifact_instructions["a1"] = parts;
  const auto units = plan_uploads({upload_of("a", 11)}, response);
  ASSERT_TRUE(units) << units.error().message();
  std::vector<std::array<std::uint64_t, 3>> pieces;
  for (const UploadUnit& unit : units.value()) {
    const auto& body = std::get<net::FileBody>(unit.request.body);
    pieces.push_back({static_cast<std::uint64_t>(unit.part_number), body.offset, body.size});
  }
  const std::vector<std::array<std::uint64_t, 3>> expected{{1, 0, 4}, {2, 4, 4}, {3, 8, 3}};
  EXPECT_EQ(pieces, expected);
  EXPECT_EQ(units.value()[1].request.url, "http://store/p?n=2");
}

TEST(UploadPlan, RefusesAnAnswerThatDoesNotFitTheBatch) {
  wire::ArtifactBatchResponse fewer = form_response();
  fewer.artifact_ids.clear();
  const auto checked = check_ids({upload_of("a", 1)}, fewer);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), Errc::Protocol);
  wire::ArtifactBatchResponse without = form_response();
  without.upload_instructions.reset();
  EXPECT_TRUE(check_ids({upload_of("a", 1)}, without));
  const auto units = plan_uploads({upload_of("a", 1)}, without);
  ASSERT_FALSE(units);
  EXPECT_EQ(units.error().code(), Errc::Protocol);
}

}  // namespace
}  // namespace ostler::artifact
