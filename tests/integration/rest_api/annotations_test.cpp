// SPDX-License-Identifier: Apache-2.0
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

class RestAnnotations : public RestFixture {
 protected:
  void add(const std::string& context, model::AnnotationChange change, bool of_job = false) {
    store::AnnotationPlace place{.build = *BuildId::parse(build_["id"].get<std::string>())};
    if (of_job) place.job = job_;
    run(store_->annotate(
        {.place = place, .context = context, .change = std::move(change), .now = clock_.at}));
  }
  std::string build_path() const {
    return "/organizations/ostler/pipelines/" + slug_ + "/builds/1";
  }
  json list(const std::string& query = "") {
    return get(build_path() + "/annotations" + query).json();
  }

  std::string slug_ = make_pipeline("p");
  json build_ = make_build(slug_);
  JobId job_ = first_job(build_);
};

TEST_F(RestAnnotations, AreListedAsObjects) {
  add("junit", {.body = "<b> & \"c\"", .style = model::AnnotationStyle::Error, .priority = 9});
  json object = list().at(0);
  EXPECT_TRUE(Uuid::parse(object["id"].get<std::string>()));
  object.erase("id");
  EXPECT_EQ(object, json::parse(R"({"context": "junit", "style": "error", "scope": "build",
                                    "job_id": null, "priority": 9,
                                    "body_html": "<p>&lt;b&gt; &amp; &quot;c&quot;</p>\n",
                                    "created_at": "2026-01-02T03:04:05.678Z",
                                    "updated_at": "2026-01-02T03:04:05.678Z"})"));
  EXPECT_FALSE(list("?omit_body=true").at(0).contains("body_html"));
}

TEST_F(RestAnnotations, AreListedByScope) {
  add("of-build", {.body = "x"});
  add("of-job", {.body = "x"}, true);
  ASSERT_EQ(list().size(), 1u);
  EXPECT_EQ(list()[0]["context"], "of-build");
  EXPECT_EQ(list()[0]["style"], nullptr);
  ASSERT_EQ(list("?scope=job").size(), 1u);
  EXPECT_EQ(list("?scope=job")[0]["job_id"], job_.str());
  EXPECT_EQ(list("?scope=all").size(), 2u);
  EXPECT_EQ(get(build_path() + "/annotations?scope=pipeline").status, 422);
  for (const std::string& path : {build_path() + "/jobs/" + job_.str() + "/annotations",
                                  "/organizations/ostler/jobs/" + job_.str() + "/annotations"}) {
    const json of_job = get(path).json();
    ASSERT_EQ(of_job.size(), 1u) << path;
    EXPECT_EQ(of_job[0]["context"], "of-job");
  }
}

TEST_F(RestAnnotations, ArePaged) {
  for (const char* context : {"a", "b", "c"}) add(context, {.body = "x"});
  EXPECT_EQ(list("?per_page=2").size(), 2u);
  EXPECT_EQ(list("?per_page=2&page=2")[0]["context"], "c");
}

TEST_F(RestAnnotations, AreMadeChangedAndDeleted) {
  const std::string path = build_path() + "/annotations";
  const Reply made = call("POST", path, {{"body", "<b>one</b>"}, {"style", "warning"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json().at("context"), "default");
  EXPECT_EQ(made.json().at("body_html"), "<p>&lt;b&gt;one&lt;/b&gt;</p>\n");
  const Reply more = call("POST", path, {{"body", " two"}, {"append", true}, {"priority", 10}});
  EXPECT_EQ(more.json().at("id"), made.json().at("id"));
  EXPECT_EQ(more.json().at("style"), "warning");
  EXPECT_EQ(more.json().at("priority"), 10);
  EXPECT_EQ(list()[0].at("body_html"), "<p>&lt;b&gt;one&lt;/b&gt; two</p>\n");
  const std::string own = path + "/" + made.json().at("id").get<std::string>();
  EXPECT_EQ(call("DELETE", own).status, 204);
  EXPECT_EQ(list(), json::array());
  EXPECT_EQ(call("DELETE", own).status, 404);
  EXPECT_EQ(call("DELETE", path + "/nonsense").status, 404);
}

TEST_F(RestAnnotations, StandAtTheJobThatThePathNames) {
  const std::string of_job = "/organizations/ostler/jobs/" + job_.str() + "/annotations";
  const json made = call("POST", of_job, {{"body", "x"}, {"context", "c"}}).json();
  EXPECT_EQ(made.at("scope"), "job");
  EXPECT_EQ(made.at("job_id"), job_.str());
  EXPECT_EQ(list("?scope=build"), json::array());
  const json other = make_build(slug_);
  const std::string elsewhere =
      "/organizations/ostler/jobs/" + first_job(other).str() + "/annotations/";
  const std::string id = made.at("id");
  EXPECT_EQ(call("DELETE", elsewhere + id).status, 404);
  EXPECT_EQ(call("DELETE", of_job + "/" + id).status, 204);
}

TEST_F(RestAnnotations, AreRefusedWithoutSense) {
  const std::string path = build_path() + "/annotations";
  for (const json& body :
       {json::object(), json{{"body", " "}}, json{{"body", 7}},
        json{{"body", "x"}, {"style", "loud"}}, json{{"body", "x"}, {"priority", 11}},
        json{{"body", "x"}, {"context", std::string(101, 'c')}}}) {
    EXPECT_EQ(call("POST", path, body).status, 422) << body;
  }
  EXPECT_EQ(list(), json::array());
}

}  // namespace
}  // namespace ostler::rest_api
