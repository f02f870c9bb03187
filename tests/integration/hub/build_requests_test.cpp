// SPDX-License-Identifier: Apache-2.0
// Requests for builds to a hub that runs.
#include <gmock/gmock.h>

#include <cstdlib>

#include "files/file.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::HttpAnswer;
using testing::HasSubstr;

class BuildRequests : public testing::Test {
 protected:
  HttpAnswer request(const std::string& key, const std::string& message) const {
    std::string token = files::read_file(hub_->data() / "api-token").value();
    token.pop_back();  // the end of the line
    const nlohmann::json body = {{"commit", "HEAD"}, {"branch", "main"}, {"message", message}};
    return support::http_call({"POST",
                               hub_->url() + "/v2/organizations/ostler/pipelines/p/builds",
                               {"Authorization: Bearer " + token, "Idempotency-Key: " + key},
                               body.dump()});
  }
  std::size_t builds() const { return hub_->rest("GET", "/builds").json().size(); }

  support::TempDirectory directory_;
  std::optional<support::HubProcess> hub_;
};

TEST_F(BuildRequests, CountOnceAlsoWhenTheHubDiesBetweenThem) {
  hub_.emplace(directory_.path());
  hub_->make_pipeline("p", "steps:\n  - command: make\n");
  const HttpAnswer first = request("k1", "one");
  EXPECT_EQ(first.status, 201);
  hub_->kill();
  hub_->start_again();
  const HttpAnswer again = request("k1", "one");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.json().at("id"), first.json().at("id"));
  EXPECT_EQ(builds(), 1u);
  const HttpAnswer other = request("k1", "two");
  EXPECT_EQ(other.status, 422);
  EXPECT_THAT(other.json().at("message").get<std::string>(), HasSubstr("k1"));
  EXPECT_EQ(request("k2", "one").json().at("number"), 2);
  EXPECT_EQ(request(std::string(256, 'k'), "one").status, 400);
  EXPECT_EQ(builds(), 2u);
}

TEST_F(BuildRequests, AreRefusedWhenTheyWouldHaveMoreJobsThanTheHubAllows) {
  ::setenv("OSTLER_HUB_MAX_JOBS_PER_BUILD", "3", 1);
  hub_.emplace(directory_.path());
  ::unsetenv("OSTLER_HUB_MAX_JOBS_PER_BUILD");
  hub_->make_pipeline("p", "steps:\n  - {command: make, parallelism: 3}\n");
  EXPECT_EQ(request("", "fits").status, 201);
  hub_->make_pipeline("q", "steps:\n  - {command: make, parallelism: 4}\n");
  const HttpAnswer refused = hub_->rest("POST", "/organizations/ostler/pipelines/q/builds",
                                        {{"commit", "HEAD"}, {"branch", "main"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("4 jobs, more than 3"));
}

}  // namespace
}  // namespace ostler
