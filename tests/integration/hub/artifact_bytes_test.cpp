// SPDX-License-Identifier: Apache-2.0
#include "artifact_fixture.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::http_call;
using support::HttpAnswer;

class ArtifactBytes : public ArtifactTest {
 protected:
  static std::string upload_url(const json& declared) {
    const std::string id = declared["artifact_ids"][0];
    return address(declared["per_artifact_instructions"][id]["action"]);
  }

  static HttpAnswer upload(const std::string& url, const std::string& content) {
    return send_form(url, file_part(content));
  }
};

TEST_F(ArtifactBytes, ComeBackAsTheyWereSent) {
  std::string content(3u << 20, 'x');
  for (std::size_t at = 0; at < content.size(); at += 1000) content[at] = static_cast<char>(at);
  const json declared = declare("batch-1", {{"out/log.txt", content}});
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

TEST_F(ArtifactBytes, AreNoPageOfTheHubWhateverTheyHold) {
  const json declared = declare("batch-1", {{"out/\"page\".html", "<script>steal()</script>"}});
  EXPECT_EQ(upload(upload_url(declared), "<script>steal()</script>").status, 204);
  EXPECT_EQ(report(declared["artifact_ids"][0], "finished").status, 200);
  const HttpAnswer page = http_call({"GET", search("out/*")[0]["url"], {}, ""});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.at("content-type"), "application/octet-stream");
  EXPECT_EQ(page.headers.at("content-disposition"), "attachment; filename=\"_page_.html\"");
  EXPECT_EQ(page.headers.at("content-security-policy"), "sandbox");
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
}

TEST_F(ArtifactBytes, ARepeatedBatchHasTheSameIds) {
  EXPECT_EQ(declare("batch-1", {{"a", "1"}})["artifact_ids"],
            declare("batch-1", {{"a", "1"}})["artifact_ids"]);
}

TEST_F(ArtifactBytes, AnUploadCanBeTriedAgain) {
  const json declared = declare("batch-1", {{"a", "hello"}});
  EXPECT_EQ(upload(upload_url(declared), "hello").status, 204);
  EXPECT_EQ(upload(upload_url(declared), "hello").status, 204);
}

TEST_F(ArtifactBytes, NeedASignedAddress) {
  const json declared = declare("batch-1", {{"a", "hello"}});
  const std::string url = upload_url(declared);
  EXPECT_EQ(upload(url.substr(0, url.find('?')), "hello").status, 403);
  EXPECT_EQ(upload(url + "0", "hello").status, 403);
  EXPECT_EQ(http_call({"GET", url, {}, ""}).status, 403) << "made for uploading only";
}

TEST_F(ArtifactBytes, OtherBytesThanWereDeclaredAreRefused) {
  const json declared = declare("batch-1", {{"a", "hello"}});
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
