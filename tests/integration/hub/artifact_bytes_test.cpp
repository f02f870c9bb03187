// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::http_call;
using support::HttpAnswer;

/// An agent with a running job, which uploads artifacts.
class ArtifactBytes : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(), job_);
    build_ = agent_.accept(job_)["env"]["BUILDKITE_BUILD_ID"];
    agent_.start(job_);
  }

  /// Declares one artifact; returns the answer.
  json declare(const std::string& batch, const std::string& path, const std::string& content) {
    const auto answer = agent_.job_call("POST", "jobs/" + job_ + "/artifacts",
                                        {{"id", batch},
                                         {"artifacts",
                                          {{{"id", ""},
                                            {"path", path},
                                            {"absolute_path", "/b/" + path},
                                            {"glob_path", ""},
                                            {"file_size", content.size()},
                                            {"sha1sum", ""},
                                            {"sha256sum", crypto::sha256_hex(content)},
                                            {"job_id", ""},
                                            {"created_at", "0001-01-01T00:00:00Z"},
                                            {"content_type", "text/plain"}}}},
                                         {"upload_destination", ""}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json();
  }

  /// The address that a genuine agent makes of the instructions: the path of `path`, all else of
  /// `url`.
  static std::string upload_url(const json& declared) {
    const std::string id = declared["artifact_ids"][0];
    const json action = declared["per_artifact_instructions"][id]["action"];
    const std::string url = action["url"];
    const auto origin = url.find('/', url.find("://") + 3);
    return url.substr(0, origin) + action["path"].get<std::string>() + url.substr(url.find('?'));
  }

  static HttpAnswer upload(const std::string& url, const std::string& content) {
    const std::string form =
        "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n" +
        content + "\r\n--xx--\r\n";
    return http_call({"POST", url, {"Content-Type: multipart/form-data; boundary=xx"}, form});
  }

  HttpAnswer report(const std::string& id, const std::string& state) {
    return agent_.job_call("PUT", "jobs/" + job_ + "/artifacts",
                           {{"artifacts", {{{"id", id}, {"state", state}}}}});
  }

  json search(const std::string& query) {
    const auto answer = agent_.job_call(
        "GET", "builds/" + build_ + "/artifacts/search?query=" + query + "&state=finished");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
  std::string build_;
};

TEST_F(ArtifactBytes, ComeBackAsTheyWereSent) {
  std::string content(3u << 20, 'x');
  for (std::size_t at = 0; at < content.size(); at += 1000) content[at] = static_cast<char>(at);
  const json declared = declare("batch-1", "out/log.txt", content);
  EXPECT_EQ(search("**"), json::array()) << "not before they are there";
  EXPECT_EQ(upload(upload_url(declared), content).status, 204);
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 200);
  const json found = search("out/*.txt");
  ASSERT_EQ(found.size(), 1u) << found;
  EXPECT_EQ(found[0]["path"], "out/log.txt");
  EXPECT_EQ(found[0]["job_id"], job_);
  const HttpAnswer download = http_call({"GET", found[0]["url"], {}, ""});
  EXPECT_EQ(download.status, 200);
  EXPECT_TRUE(download.body == content) << "got " << download.body.size() << " bytes";
  EXPECT_EQ(search("*.none"), json::array());
}

TEST_F(ArtifactBytes, ARepeatedBatchHasTheSameIds) {
  EXPECT_EQ(declare("batch-1", "a", "1")["artifact_ids"],
            declare("batch-1", "a", "1")["artifact_ids"]);
}

TEST_F(ArtifactBytes, AnUploadCanBeTriedAgain) {
  const json declared = declare("batch-1", "a", "hello");
  EXPECT_EQ(upload(upload_url(declared), "hello").status, 204);
  EXPECT_EQ(upload(upload_url(declared), "hello").status, 204);
}

TEST_F(ArtifactBytes, NeedASignedAddress) {
  const json declared = declare("batch-1", "a", "hello");
  const std::string url = upload_url(declared);
  EXPECT_EQ(upload(url.substr(0, url.find('?')), "hello").status, 403);
  EXPECT_EQ(upload(url + "0", "hello").status, 403);
  EXPECT_EQ(http_call({"GET", url, {}, ""}).status, 403) << "made for uploading only";
}

TEST_F(ArtifactBytes, OtherBytesThanWereDeclaredAreRefused) {
  const json declared = declare("batch-1", "a", "hello");
  EXPECT_EQ(upload(upload_url(declared), "hello, world").status, 413);
  EXPECT_EQ(upload(upload_url(declared), "HELLO").status, 422);
  EXPECT_EQ(upload(upload_url(declared), "hell").status, 422);
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 404) << "nothing was kept";
}

TEST_F(ArtifactBytes, ABatchMustBeWellFormed) {
  const std::string path = "jobs/" + job_ + "/artifacts";
  EXPECT_EQ(agent_.job_call("POST", path, {{"id", "b"}, {"artifacts", json::array()}}).status, 422);
  json many = json::array();
  for (int count = 0; count < 31; ++count) many.push_back({{"path", "p"}});
  EXPECT_EQ(agent_.job_call("POST", path, {{"id", "b"}, {"artifacts", many}}).status, 422);
}

}  // namespace
}  // namespace ostler
