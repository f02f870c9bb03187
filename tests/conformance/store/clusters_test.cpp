// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using testing::HasSubstr;

class ClusterSuite : public StoreSuite {
 protected:
  OrganizationId organization() { return house_.api().organization; }
  model::Cluster create(const std::string& name) {
    return house_.get(house_.store().create_cluster({.organization = organization(),
                                                     .name = name,
                                                     .description = "about",
                                                     .by = house_.api().user.id,
                                                     .now = house_.now()}));
  }
  model::Queue create_queue(ClusterId cluster, const std::string& key) {
    return house_.get(house_.store().create_queue(
        {.cluster = cluster, .key = key, .by = house_.api().user.id, .now = house_.now()}));
  }
  NewAgentToken create_token(ClusterId cluster, std::optional<Timestamp> expires_at = {}) {
    return house_.get(house_.store().create_agent_token({.organization = organization(),
                                                         .cluster = cluster,
                                                         .description = "laptop",
                                                         .allowed_ip_addresses = "10.0.0.0/8",
                                                         .expires_at = expires_at,
                                                         .by = house_.api().user.id,
                                                         .now = house_.now()}));
  }
  std::string refusal(ClusterId cluster) {
    const auto refused =
        house_.call(house_.store().delete_cluster({organization(), cluster, house_.now()}));
    EXPECT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::Conflict);
    return refused.error().message();
  }
};
class Clusters : public ClusterSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Clusters, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Clusters, BeginWithoutAQueue) {
  const auto made = create("Robots");
  EXPECT_EQ(made.description, "about");
  EXPECT_EQ(made.created_by->id, house_.api().user.id);
  EXPECT_FALSE(made.default_queue);
  const auto all = house_.get(house_.store().clusters(organization()));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "Default");
  EXPECT_TRUE(all[0].default_queue);
  EXPECT_EQ(all[1].id, made.id);
  EXPECT_EQ(house_.error_of(house_.store().create_cluster({.organization = organization(),
                                                           .name = "Robots",
                                                           .by = house_.api().user.id,
                                                           .now = house_.now()})),
            Errc::Conflict);
}

TEST_P(Clusters, ChooseTheirDefaultQueue) {
  const auto cluster = create("Robots");
  const auto first = create_queue(cluster.id, "first");
  const auto second = create_queue(cluster.id, "second");
  const auto choose = [&](QueueId queue) {
    return house_.store().update_cluster(
        {.organization = organization(), .cluster = cluster.id, .default_queue = queue});
  };
  EXPECT_EQ(house_.get(choose(first.id)).default_queue, first.id);
  EXPECT_EQ(house_.get(choose(second.id)).default_queue, second.id);
  const auto standard = house_.get(house_.store().queues(organization())).front();
  EXPECT_EQ(house_.error_of(choose(standard.id)), Errc::NotFound) << "it is of another cluster";
  EXPECT_EQ(house_.get(house_.store().clusters(organization()))[1].default_queue, second.id);
}

TEST_P(Clusters, KeepWhatAChangeDoesNotName) {
  const auto cluster = create("Robots");
  const auto renamed = house_.get(house_.store().update_cluster(
      {.organization = organization(), .cluster = cluster.id, .name = "Machines"}));
  EXPECT_EQ(renamed.name, "Machines");
  EXPECT_EQ(renamed.description, "about");
  const auto again = house_.call(house_.store().update_cluster(
      {.organization = organization(), .cluster = cluster.id, .name = "Machines"}));
  EXPECT_TRUE(again) << "its own name is not taken";
  EXPECT_EQ(house_.error_of(house_.store().update_cluster(
                {.organization = organization(), .cluster = cluster.id, .name = "Default"})),
            Errc::Conflict);
}

TEST_P(Clusters, AreNotDeletedWhileSomebodyNeedsThem) {
  const ClusterId standard = house_.agent_token().cluster;
  EXPECT_THAT(refusal(standard), HasSubstr("only one"));
  const auto cluster = create("Robots");
  EXPECT_THAT(refusal(standard), HasSubstr("pipelines belong to the cluster (1)"));
  create_queue(cluster.id, "linux");
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  command.holder.cluster = cluster.id;
  command.description.tags = {"queue=linux"};
  const auto agent = house_.get(house_.store().register_agent(command));
  house_.get(house_.store().connect_agent({agent.agent.id, house_.now()}));
  EXPECT_THAT(refusal(cluster.id), HasSubstr("agents are connected to the cluster (1)"));
  house_.pass_awake(std::chrono::hours(1));
  EXPECT_TRUE(
      house_.call(house_.store().delete_cluster({organization(), cluster.id, house_.now()})))
      << "a lost agent keeps nothing";
}

TEST_P(Clusters, TakeQueuesTokensAndSecretsAlong) {
  const auto cluster = create("Robots");
  create_queue(cluster.id, "linux");
  const auto token = create_token(cluster.id);
  house_.get(house_.store().create_secret(
      {.cluster = cluster.id, .key = "KEY", .sealed = "s", .now = house_.now()}));
  house_.get(house_.store().delete_cluster({organization(), cluster.id, house_.now()}));
  EXPECT_EQ(house_.get(house_.store().clusters(organization())).size(), 1u);
  EXPECT_EQ(house_.get(house_.store().queues(organization())).size(), 1u);
  EXPECT_TRUE(house_.get(house_.store().secrets(cluster.id)).empty());
  EXPECT_EQ(house_.error_of(house_.store().authenticate(token.text, house_.now())), Errc::Denied);
  create("Robots");
}

TEST_P(Clusters, LetAgentsInByTheirTokens) {
  const auto cluster = create("Robots");
  const auto made = create_token(cluster.id);
  EXPECT_EQ(made.token.description, "laptop");
  EXPECT_EQ(made.token.created_by->id, house_.api().user.id);
  const auto holder =
      std::get<AgentTokenHolder>(house_.get(house_.store().authenticate(made.text, house_.now())));
  EXPECT_EQ(holder.cluster, cluster.id);
  EXPECT_EQ(holder.token, made.token.id);
  EXPECT_EQ(holder.allowed_ip_addresses, "10.0.0.0/8");
  const auto changed = house_.get(house_.store().update_agent_token({.cluster = cluster.id,
                                                                     .token = made.token.id,
                                                                     .description = "tower",
                                                                     .now = house_.now()}));
  EXPECT_EQ(changed.description, "tower");
  EXPECT_EQ(changed.allowed_ip_addresses, "10.0.0.0/8");
  const auto listed = house_.get(house_.store().agent_tokens(cluster.id, house_.now()));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].description, "tower");
  house_.get(house_.store().delete_agent_token({cluster.id, made.token.id}));
  EXPECT_EQ(house_.error_of(house_.store().authenticate(made.text, house_.now())), Errc::Denied);
  EXPECT_EQ(house_.error_of(house_.store().delete_agent_token({cluster.id, made.token.id})),
            Errc::NotFound);
}

TEST_P(Clusters, LetNobodyInByAnExpiredToken) {
  const ClusterId cluster = house_.agent_token().cluster;
  const auto made = create_token(cluster, house_.now() + std::chrono::hours(1));
  EXPECT_TRUE(house_.call(house_.store().authenticate(made.text, house_.now())));
  EXPECT_EQ(house_.get(house_.store().agent_tokens(cluster, house_.now())).size(), 2u);
  house_.pass(std::chrono::minutes(30));
  house_.jump(std::chrono::minutes(-10));
  house_.pass(std::chrono::minutes(39));
  EXPECT_TRUE(house_.call(house_.store().authenticate(made.text, house_.now())))
      << "its end is a date, whatever is done to the clock";
  house_.pass(std::chrono::minutes(1));
  EXPECT_EQ(house_.error_of(house_.store().authenticate(made.text, house_.now())), Errc::Denied);
  EXPECT_EQ(house_.get(house_.store().agent_tokens(cluster, house_.now())).size(), 1u);
}

TEST_P(Clusters, OfOtherTokensKnowNothing) {
  const auto cluster = create("Robots");
  const auto made = create_token(cluster.id);
  const ClusterId other = house_.agent_token().cluster;
  EXPECT_EQ(house_.error_of(house_.store().delete_agent_token({other, made.token.id})),
            Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().update_agent_token(
                {.cluster = other, .token = made.token.id, .now = house_.now()})),
            Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
