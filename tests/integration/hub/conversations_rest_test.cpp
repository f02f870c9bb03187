// SPDX-License-Identifier: Apache-2.0
// What clients of REST v2 send, byte for byte, to the real hub, and what they read in its answers.
// Source: reference/rest-api.md; go-buildkite 5.14.0, pybuildkite, bk.
#include <cstdlib>

#include "artifact_fixture.hpp"
#include "conversation.hpp"
#include "files/file.hpp"
#include "json_shapes.hpp"

namespace ostler {
namespace {

std::filesystem::path rest_file(const std::string& name) {
  return std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) /
         "tests/integration/hub/conversations_rest" / name;
}

/// A header set as a client writes it, for a request without a body, with an empty and a JSON one.
struct ClientHeaders {
  std::string plain;
  std::string empty;
  std::string json;
};

ClientHeaders go_headers(const std::string& host, const std::string& token) {
  const std::string begin = "Host: " + host + "\r\nUser-Agent: go-buildkite/5.14.0\r\n";
  const std::string authorization = "Authorization: Bearer " + token + "\r\n";
  const std::string end = "Accept-Encoding: gzip";
  return {begin + authorization + end, begin + "Content-Length: 0\r\n" + authorization + end,
          begin + "Content-Length: {length}\r\n" + authorization +
              "Content-Type: application/json\r\n" + end};
}

ClientHeaders python_headers(const std::string& host, const std::string& token) {
  const std::string all = "Host: " + host +
                          "\r\nUser-Agent: python-requests/2.32.3\r\n"
                          "Accept-Encoding: gzip, deflate\r\nAccept: */*\r\n"
                          "Connection: keep-alive\r\nAuthorization: Bearer " +
                          token;
  return {all, all + "\r\nContent-Length: 0",
          all + "\r\nContent-Length: {length}\r\nContent-Type: application/json"};
}

/// Build 1 of the pipeline "app" has a job that runs.
class RestConversations : public ArtifactTest {
 protected:
  Conversation begin() const {
    const std::string host = hub_.url().substr(std::string_view("http://").size());
    const std::string token = files::read_file(hub_.data() / "api-token").value();
    const std::string bare = token.substr(0, token.find('\n'));
    const ClientHeaders go = go_headers(host, bare);
    const ClientHeaders python = python_headers(host, bare);
    return Conversation(hub_.port(), {{"HOST", host},
                                      {"TOKEN", bare},
                                      {"REGISTRATION", hub_.agent_token()},
                                      {"JOB", job_},
                                      {"GO", go.plain},
                                      {"GO_EMPTY", go.empty},
                                      {"GO_JSON", go.json},
                                      {"PY", python.plain},
                                      {"PY_EMPTY", python.empty},
                                      {"PY_JSON", python.json}});
  }
  void replay(const std::string& name) { begin().replay(rest_file(name)); }
};

TEST_F(RestConversations, AboutTheAccount) { replay("account.txt"); }

TEST_F(RestConversations, AboutPipelines) { replay("pipelines.txt"); }

TEST_F(RestConversations, AboutBuilds) { replay("builds.txt"); }

TEST_F(RestConversations, AboutJobs) {
  const std::string text = "\x1b_bk;t=1700000000123\x07~~~ Test\n\x1b_bk;t=1700000000456\x07ok\n";
  ASSERT_EQ(agent_.chunk(job_, 1, 0, text).status, 200);
  ASSERT_EQ(agent_.finish(job_, "1").status, 200);
  Conversation client = begin();
  client.remember("LOG_SIZE", std::to_string(text.size()));
  client.replay(rest_file("jobs.txt"));
}

TEST_F(RestConversations, AboutArtifactsAndAnnotations) {
  const nlohmann::json declared = declare("batch-1", {{"out/log.txt", "hello"}});
  const std::string id = declared["artifact_ids"][0];
  const std::string url = address(declared["per_artifact_instructions"][id]["action"]);
  ASSERT_EQ(send_form(url, file_part("hello")).status, 204);
  ASSERT_EQ(report(id, "finished").status, 200);
  replay("artifacts.txt");
}

TEST_F(RestConversations, AboutClusters) { replay("clusters.txt"); }

TEST_F(RestConversations, AboutSecrets) { replay("secrets.txt"); }

TEST_F(RestConversations, AboutAgentsAndMetrics) { replay("agents.txt"); }

TEST_F(RestConversations, AboutUploads) {
  const auto upload = [&](const char* uuid, const nlohmann::json& step) {
    return agent_.job_call("POST", "jobs/" + job_ + "/pipelines",
                           {{"uuid", uuid}, {"pipeline", {{"steps", {step}}}}, {"replace", false}});
  };
  ASSERT_EQ(upload("6d9f0000-0000-4000-8000-000000000001", {{"command", "a"}}).status, 200);
  ASSERT_EQ(upload("6d9f0000-0000-4000-8000-000000000002", {{"depends_on", "nowhere"}}).status,
            422);
  replay("uploads.txt");
}

TEST_F(RestConversations, InGraphql) { replay("graphql.txt"); }

TEST_F(RestConversations, ThatAreRefused) { replay("refusals.txt"); }

TEST(JsonShapes, TellWhatIsMissingOrOfAnotherKind) {
  const JsonShapes shapes = JsonShapes::read(rest_file("shapes.txt"));
  nlohmann::json member = {{"id", "01a207fc-dd60-7667-bfb1-ca7e0f4110a4"},
                           {"name", "a"},
                           {"email", "b"},
                           {"role", "admin"},
                           {"more", 7}};
  EXPECT_EQ(shapes.fault("[=member]", nlohmann::json::array({member})), "");
  EXPECT_EQ(shapes.fault("=member?", nullptr), "");
  EXPECT_EQ(shapes.fault("=member", nullptr), " is no object: null");
  EXPECT_EQ(shapes.fault("=nobody", member), " is to be =nobody, which is nowhere described");
  member["sso_mode"] = 1;
  EXPECT_EQ(shapes.fault("=member", member), "/sso_mode is no str: 1");
  member["id"] = "7";
  EXPECT_EQ(shapes.fault("[=member]", nlohmann::json::array({member})), "/0/id is no uuid: \"7\"");
  member.erase("id");
  EXPECT_EQ(shapes.fault("=member", member), "/id is missing");
  EXPECT_EQ(shapes.fault("{str}", {{"a", 1}}), "/a is no str: 1");
  EXPECT_EQ(shapes.fault("ts", "2015-05-09T21:05:59.874Z"), "");
  EXPECT_EQ(shapes.fault("id/User", "VXNlci0tLTAxYTIwN2ZjLWRkNjAtNzY2Ny1iZmIxLWNhN2UwZjQxMTBhNA=="),
            "");
  EXPECT_NE(shapes.fault("id/Job", "VXNlci0tLTAxYTIwN2ZjLWRkNjAtNzY2Ny1iZmIxLWNhN2UwZjQxMTBhNA=="),
            "");
  EXPECT_EQ(shapes.fault("ts", "2015-05-09 21:05:59 UTC"),
            " is no ts: \"2015-05-09 21:05:59 UTC\"");
}

}  // namespace
}  // namespace ostler
