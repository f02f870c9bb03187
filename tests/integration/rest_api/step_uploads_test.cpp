// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "pipeline/parse.hpp"
#include "rest_fixture.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

constexpr std::string_view kUploads = "/organizations/ostler/pipelines/p/builds/1/step-uploads";

/// A build whose jobs "one" and "two" run and may upload.
class StepUploads : public RestFixture {
 protected:
  void SetUp() override {
    make_pipeline("p", "steps: [{command: one}, {command: two}, wait, {command: last}]");
    const json build = make_build("p");
    for (std::size_t at = 0; at < 2; ++at) {
      agents_.push_back(connect_agent());
      jobs_.push_back(*JobId::parse(build.at("jobs")[at].at("id").get<std::string>()));
      start(agents_.back(), jobs_.back());
    }
  }
  std::string upload(std::size_t job, const std::string& text, bool replace = false,
                     const std::string& uuid = Uuid::make().str()) {
    store::UploadPipeline command{.agent = agents_[job].agent.id,
                                  .job = jobs_[job],
                                  .uuid = uuid,
                                  .replace = replace,
                                  .size = static_cast<std::int64_t>(text.size()),
                                  .now = clock_.now()};
    auto definition = pipeline::parse_upload(text);
    if (definition) {
      command.definition = std::move(definition).value();
    } else {
      command.fault = definition.error().message();
    }
    run(store_->upload_pipeline(command));
    return command.uuid;
  }
  json list(const std::string& query = "") {
    const Reply reply = get(std::string(kUploads) + query);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.json();
  }
  json follow(const json& page, const std::string& relation) {
    const std::string url = page.at("links").at(relation);
    return get(url.substr(std::string_view("http://hub/v2").size())).json();
  }
  static std::vector<std::string> uuids(const json& page) {
    std::vector<std::string> found;
    for (const json& item : page.at("items")) found.push_back(item.at("uuid"));
    return found;
  }

  std::vector<store::RegisteredAgent> agents_;
  std::vector<JobId> jobs_;
};

TEST_F(StepUploads, TellWhatCameOfThem) {
  const std::string text = R"([{"command": "a", "parallelism": 3}, "wait"])";
  const std::string uuid = upload(0, text);
  const std::string url = "http://hub/v2" + std::string(kUploads) + "/" + uuid;
  json expected = {{"uuid", uuid},
                   {"graphql_id", wire::graphql_id("BuildStepUpload", *Uuid::parse(uuid))},
                   {"state", "applied"},
                   {"source", "job"},
                   {"source_job_id", jobs_[0].str()},
                   {"replace_existing_steps", false},
                   {"created_jobs_count", 4},
                   {"rejection_type", nullptr},
                   {"message", nullptr},
                   {"url", url},
                   {"created_at", "2026-01-02T03:04:05.678Z"},
                   {"processed_at", "2026-01-02T03:04:05.678Z"}};
  EXPECT_EQ(list().at("items"), json::array({expected}));
  expected["definition_bytes"] = text.size();
  expected["definition_yaml"] = nullptr;
  expected["definition_yaml_omitted"] = true;
  EXPECT_EQ(get(std::string(kUploads) + "/" + uuid).json(), expected);
}

TEST_F(StepUploads, TellWhyTheyWereRejectedAndWhatTheyReplaced) {
  upload(0, R"([{"command": "a", "depends_on": "nowhere"}])");
  upload(0, R"([{"command": "b"}])", true);
  const json items = list().at("items");
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].at("replace_existing_steps"), true);
  EXPECT_EQ(items[0].at("created_jobs_count"), 1);
  EXPECT_EQ(items[1].at("state"), "rejected");
  EXPECT_EQ(items[1].at("rejection_type"), "validation_error");
  EXPECT_THAT(items[1].at("message").get<std::string>(), HasSubstr("nowhere"));
  EXPECT_EQ(items[1].at("created_jobs_count"), nullptr);
}

TEST_F(StepUploads, AreListedNewestFirstInPages) {
  std::vector<std::string> made;
  for (std::size_t at = 0; at < 5; ++at) made.push_back(upload(at % 2, "[]"));
  json page = list("?per_page=2");
  EXPECT_THAT(uuids(page), ElementsAre(made[4], made[3]));
  EXPECT_FALSE(page.at("links").contains("prev"));
  page = follow(page, "next");
  EXPECT_THAT(uuids(page), ElementsAre(made[2], made[1]));
  const json last = follow(page, "next");
  EXPECT_THAT(uuids(last), ElementsAre(made[0]));
  EXPECT_FALSE(last.at("links").contains("next"));
  page = follow(last, "prev");
  EXPECT_THAT(uuids(page), ElementsAre(made[2], made[1]));
  page = follow(page, "prev");
  EXPECT_THAT(uuids(page), ElementsAre(made[4], made[3]));
  EXPECT_FALSE(page.at("links").contains("prev"));
  EXPECT_EQ(follow(last, "first"), list("?per_page=2"));
}

TEST_F(StepUploads, AreChosenByTheirJobPageByPage) {
  std::vector<std::string> made;
  for (std::size_t at = 0; at < 5; ++at) made.push_back(upload(at % 2, "[]"));
  const std::string filter = "?filter[source_job_id]=" + jobs_[0].str();
  const json page = list(filter + "&per_page=2");
  EXPECT_THAT(uuids(page), ElementsAre(made[4], made[2]));
  EXPECT_THAT(uuids(follow(page, "next")), ElementsAre(made[0]));
  EXPECT_TRUE(list("?filter[source_job_id]=" + JobId::make().str()).at("items").empty());
}

TEST_F(StepUploads, AreFoundInWhicheverCaseTheirUuidIsWritten) {
  const std::string large = "0198F3A0-1111-7222-8333-44445555ABCD";
  const std::string small = "0198f3a0-1111-7222-8333-44445555abcd";
  upload(0, "[]", false, large);  // as it was kept once
  EXPECT_THAT(uuids(list()), ElementsAre(small));
  const std::string url = list().at("items")[0].at("url");
  EXPECT_THAT(url, EndsWith("/" + small));
  for (const std::string& uuid : {large, small}) {
    EXPECT_EQ(get(std::string(kUploads) + "/" + uuid).status, 200) << uuid;
  }
}

TEST_F(StepUploads, RefuseWhatTheyCannotRead) {
  const auto status = [&](const std::string& rest) {
    return get(std::string(kUploads) + rest).status;
  };
  for (const char* query : {"?after=1&before=2", "?after=x", "?after=0", "?before=-1",
                            "?per_page=0", "?per_page=101", "?per_page=x"}) {
    EXPECT_EQ(status(query), 400) << query;
  }
  for (const char* query : {"?filter[source_job_id]=x", "?filter[state]=applied"}) {
    EXPECT_EQ(status(query), 422) << query;
  }
  EXPECT_EQ(status("/" + Uuid::make().str()), 404);
  EXPECT_EQ(status("/nonsense"), 404);
  EXPECT_TRUE(list().at("items").empty());
}

}  // namespace
}  // namespace ostler::rest_api
