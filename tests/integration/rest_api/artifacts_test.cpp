// SPDX-License-Identifier: Apache-2.0
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

class RestArtifacts : public RestFixture {
 protected:
  RestArtifacts() { start(agent_, job_); }

  /// Declares an artifact, and reports its end when `event` is given.
  ArtifactId add(const std::string& path, std::optional<model::ArtifactEvent> event,
                 const std::string& url = "") {
    model::Artifact artifact;
    artifact.path = path;
    artifact.file_size = 5;
    artifact.sha1sum = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
    artifact.url = url;
    store::CreateArtifacts command{.agent = agent_.agent.id,
                                   .job = job_,
                                   .batch = path,
                                   .upload_destination = "",
                                   .artifacts = {artifact},
                                   .now = clock_.at};
    const ArtifactId id = run(store_->create_artifacts(std::move(command))).at(0);
    if (event) {
      store::UpdateArtifacts update{
          .agent = agent_.agent.id, .job = job_, .reports = {{id, *event}}};
      const auto updated = support::run_task(io_, store_->update_artifacts(std::move(update)));
      EXPECT_TRUE(updated);
    }
    return id;
  }

  std::string build_list() const {
    return "/organizations/ostler/pipelines/" + slug_ + "/builds/1/artifacts";
  }
  std::string job_list() const {
    return "/organizations/ostler/pipelines/" + slug_ + "/builds/1/jobs/" + job_.str() +
           "/artifacts";
  }
  std::string short_job_list() const {
    return "/organizations/ostler/jobs/" + job_.str() + "/artifacts";
  }

  std::string slug_ = make_pipeline("p");
  JobId job_ = first_job(make_build(slug_));
  store::RegisteredAgent agent_ = connect_agent();
};

TEST_F(RestArtifacts, AreListedForBuildAndJob) {
  add("out/a.txt", model::ArtifactEvent::Finish);
  add("b", std::nullopt);
  for (const std::string& list : {build_list(), job_list(), short_job_list()}) {
    EXPECT_EQ(get(list).json().size(), 2u) << list;
    EXPECT_EQ(get(list + "?state=finished").json().size(), 1u);
    EXPECT_EQ(get(list + "?state=expired").body, "[]");
    EXPECT_EQ(get(list + "?path=out/*").json().at(0).at("path"), "out/a.txt");
    EXPECT_EQ(get(list + "?per_page=1&page=2").json().size(), 1u);
  }
  EXPECT_EQ(get(build_list() + "?state=nonsense").status, 422);
}

TEST_F(RestArtifacts, AreReadAndDownloadedOneByOne) {
  const std::string id = add("out/a.txt", model::ArtifactEvent::Finish).str();
  const json artifact = get(job_list() + "/" + id).json();
  EXPECT_EQ(artifact.at("filename"), "a.txt");
  EXPECT_EQ(artifact.at("download_url"), "http://hub/v2" + job_list() + "/" + id + "/download");
  for (const std::string& list : {job_list(), short_job_list()}) {
    const Reply download = get(list + "/" + id + "/download/");
    EXPECT_EQ(download.status, 302);
    EXPECT_EQ(download.header("Location"), "http://hub/blobs/" + id + "?signature=s");
    EXPECT_EQ(download.json(), json({{"url", "http://hub/blobs/" + id + "?signature=s"}}));
  }
}

TEST_F(RestArtifacts, AreNotDownloadedBeforeTheyAreUploaded) {
  const std::string id = add("a", std::nullopt).str();
  EXPECT_EQ(get(job_list() + "/" + id + "/download").message(),
            "The artifact has not been uploaded");
}

TEST_F(RestArtifacts, PointToTheStorageOfTheirOwner) {
  const std::string url = "https://bucket.example.com/a?x=1";
  const std::string id = add("a", model::ArtifactEvent::Finish, url).str();
  EXPECT_EQ(get(job_list() + "/" + id + "/download").header("Location"), url);
  const std::string hostile = add("b", model::ArtifactEvent::Finish, "javascript:alert(1)").str();
  EXPECT_EQ(get(job_list() + "/" + hostile + "/download").status, 404);
}

TEST_F(RestArtifacts, AreDeletedForGood) {
  const std::string first = add("a", model::ArtifactEvent::Finish).str();
  const std::string second = add("b", model::ArtifactEvent::Finish).str();
  for (const std::string& path : {job_list() + "/" + first, short_job_list() + "/" + second}) {
    EXPECT_EQ(call("DELETE", path).status, 204) << path;
    EXPECT_EQ(get(path).status, 404);
    EXPECT_EQ(get(path + "/download").status, 404);
    EXPECT_EQ(call("DELETE", path).status, 404);
  }
  EXPECT_EQ(get(build_list()).body, "[]");
  const Reply early = call("DELETE", job_list() + "/" + add("c", std::nullopt).str());
  EXPECT_EQ(early.status, 422);
  EXPECT_EQ(early.message(), "The artifact cannot be deleted: its job is uploading it");
}

TEST_F(RestArtifacts, Answer404WhenTheyAreNotThere) {
  const std::string id = add("a", model::ArtifactEvent::Finish).str();
  make_build(slug_);
  const std::string other = first_job(make_build(slug_)).str();
  for (const std::string& path :
       {job_list() + "/none", job_list() + "/00000000-0000-0000-0000-000000000000",
        "/organizations/ostler/jobs/" + other + "/artifacts/" + id}) {
    EXPECT_EQ(get(path).body, R"({"message":"Not Found"})") << path;
  }
}

}  // namespace
}  // namespace ostler::rest_api
