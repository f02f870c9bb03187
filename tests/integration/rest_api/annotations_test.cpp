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
                                    "body_html": "<pre>&lt;b&gt; &amp; &quot;c&quot;</pre>",
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

}  // namespace
}  // namespace ostler::rest_api
