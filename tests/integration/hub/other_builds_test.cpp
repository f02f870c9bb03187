// SPDX-License-Identifier: Apache-2.0
// What a job may read of builds that are not its own.
#include <csignal>

#include "scripted_agent.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class OtherBuilds : public HubTest {
 protected:
  void SetUp() override {
    run_job();
    ASSERT_EQ(agent_.job_call("POST", "jobs/" + job_ + "/data/set", {{"key", "a"}, {"value", "1"}})
                  .status,
              200);
    ASSERT_EQ(agent_.finish(job_).status, 200);
    other_ = hub_.build(pipeline_, 1)["id"];
    run_job();
    own_ = hub_.build(pipeline_, 2)["id"];
  }
  void run_job() {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    ASSERT_EQ(agent_.start(job_).status, 200);
  }
  int get_status(const std::string& build) {
    return agent_.job_call("POST", "builds/" + build + "/data/get", {{"key", "a"}}).status;
  }
  int keys_status(const std::string& build) {
    return agent_.job_call("POST", "builds/" + build + "/data/keys").status;
  }
  int search_status(const std::string& build) {
    return agent_.job_call("GET", "builds/" + build + "/artifacts/search?query=*&state=finished")
        .status;
  }
  void move_pipeline_to_another_cluster() {
    hub_.program().signal(SIGTERM);
    ASSERT_EQ(hub_.program().wait(std::chrono::seconds(15)), 0);
    auto database =
        store::sqlite::Connection::open(hub_.data() / "ostler.db", store::sqlite::Access::ReadWrite)
            .value();
    ASSERT_TRUE(
        database.run_script("INSERT INTO clusters (id, organization_id, name, created_at) SELECT "
                            "randomblob(16), organization_id, 'Strangers', created_at "
                            "FROM clusters; UPDATE pipelines SET cluster_id = "
                            "(SELECT id FROM clusters WHERE name = 'Strangers')"));
    hub_.start_again();
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
  std::string other_;
  std::string own_;
};

TEST_F(OtherBuilds, AreReadableInTheSameCluster) {
  EXPECT_EQ(get_status(other_), 200);
  EXPECT_EQ(keys_status(other_), 200);
  EXPECT_EQ(search_status(other_), 200);
}

TEST_F(OtherBuilds, OfAnotherClusterAreNot) {
  move_pipeline_to_another_cluster();
  EXPECT_EQ(get_status(other_), 404);
  EXPECT_EQ(keys_status(other_), 404);
  EXPECT_EQ(keys_status(own_), 200);
  EXPECT_EQ(agent_.job_call("GET", "builds/" + other_ + "/artifacts/search?query=*").body, "[]");
}

}  // namespace
}  // namespace ostler
