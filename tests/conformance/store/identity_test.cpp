// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::AgentState;

OSTLER_STORE_SUITE(Identity);

TEST_P(Identity, IsFoundedOnce) {
  EXPECT_FALSE(house_.get(house_.store().first_start({house_.now(), {}})));
  const auto organization = house_.get(house_.store().organization_by_slug("ostler"));
  EXPECT_EQ(organization.id, house_.api().organization);
  const auto queues = house_.get(house_.store().queues(organization.id));
  ASSERT_EQ(queues.size(), 1u);
  EXPECT_EQ(queues[0].key, "default");
  EXPECT_EQ(queues[0].cluster_name, "Default");
  EXPECT_EQ(house_.api().scopes, (std::vector<std::string>{"read_builds", "write_builds"}));
}

TEST_P(Identity, NewApiTokensAreOfTheFirstUser) {
  const OrganizationId organization = house_.api().organization;
  const Secret token = house_.get(
      house_.store().create_api_token({.organization = organization,
                                       .description = "laptop",
                                       .scopes = {"write_builds", "read_builds"},
                                       .expires_at = house_.now() + std::chrono::hours(1),
                                       .now = house_.now()}));
  const auto holder =
      std::get<ApiHolder>(house_.get(house_.store().authenticate(token, house_.now())));
  EXPECT_EQ(holder.organization, organization);
  EXPECT_EQ(holder.user.id, house_.api().user.id);
  EXPECT_EQ(holder.description, "laptop");
  EXPECT_EQ(holder.scopes, (std::vector<std::string>{"read_builds", "write_builds"}));
  EXPECT_EQ(holder.expires_at, house_.now() + std::chrono::hours(1));
  EXPECT_EQ(house_.api().expires_at, std::nullopt);
  EXPECT_EQ(
      house_.error_of(house_.store().create_api_token({.organization = OrganizationId::make()})),
      Errc::NotFound);
}

TEST_P(Identity, ApiTokensAreListedUntilTheyExpireOrAreRevoked) {
  const OrganizationId organization = house_.api().organization;
  const auto listed = [&] {
    return house_.get(house_.store().api_tokens(organization, house_.now()));
  };
  ASSERT_EQ(listed().size(), 1u) << "that of the first start";
  house_.pass(std::chrono::seconds(1));
  const Secret token = house_.get(
      house_.store().create_api_token({.organization = organization,
                                       .description = "short",
                                       .scopes = {"write_builds", "read_builds"},
                                       .expires_at = house_.now() + std::chrono::minutes(1),
                                       .now = house_.now()}));
  ASSERT_EQ(listed().size(), 2u);
  EXPECT_EQ(listed()[1].description, "short");
  EXPECT_EQ(listed()[1].scopes, (std::vector<std::string>{"read_builds", "write_builds"}));
  EXPECT_EQ(listed()[1].created_at, house_.now());
  EXPECT_EQ(listed()[1].expires_at, house_.now() + std::chrono::minutes(1));
  EXPECT_TRUE(house_.get(house_.store().api_tokens(OrganizationId::make(), house_.now())).empty());
  house_.pass(std::chrono::minutes(1));
  EXPECT_EQ(listed().size(), 1u);
  EXPECT_EQ(house_.error_of(house_.store().authenticate(token, house_.now())), Errc::Denied);
  house_.get(house_.store().delete_api_token({listed()[0].id}));
  EXPECT_TRUE(listed().empty());
}

TEST_P(Identity, OfTheOrganizationAreListed) {
  const auto all = house_.get(house_.store().organizations());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].slug, "ostler");
}

TEST_P(Identity, DeniesTokensThatNobodyHolds) {
  for (const char* token : {"", "osta_", "' OR 1=1 --"}) {
    EXPECT_EQ(house_.error_of(house_.store().authenticate(Secret(token), house_.now())),
              Errc::Denied);
  }
}

TEST_P(Identity, OfASessionEndsADayAfterItsDisconnect) {
  const auto agent = house_.connect_agent();
  const auto holder = house_.get(house_.store().authenticate(agent.token, house_.now()));
  EXPECT_EQ(std::get<SessionHolder>(holder).agent, agent.id);
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  house_.pass(std::chrono::hours(25));
  EXPECT_EQ(house_.error_of(house_.store().authenticate(agent.token, house_.now())), Errc::Denied);
}

TEST_P(Identity, OfASessionSaysWhereItsAgentLives) {
  const RegisterAgent command{
      .holder = house_.agent_token(), .description = {}, .instance = "home", .now = house_.now()};
  const auto made = house_.get(house_.store().register_agent(command));
  const auto holder = house_.get(house_.store().authenticate(made.session_token, house_.now()));
  EXPECT_EQ(std::get<SessionHolder>(holder).instance, "home");
  house_.get(house_.store().connect_agent({made.agent.id, house_.now()}));
  const JobId job = house_.create_build("steps: [{command: make}]").follow_ups.runnable.front();
  const Secret token = house_.accept({made.agent.id, made.session_token}, job).token;
  const auto of_job = house_.get(house_.store().authenticate(token, house_.now()));
  EXPECT_EQ(std::get<JobHolder>(of_job).instance, "home");
}

TEST_P(Identity, OfASessionLivesOnWhenItConnectsAgain) {
  const auto agent = house_.connect_agent();
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  house_.get(house_.store().connect_agent({agent.id, house_.now()}));
  house_.pass(std::chrono::hours(25));
  EXPECT_TRUE(house_.call(house_.store().authenticate(agent.token, house_.now())));
}

TEST_P(Identity, OfAnAgentKeepsWhatItSaidOfItself) {
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  command.description.name = "name";
  command.description.os = "several\nlines";
  command.description.tags = {"queue=default", "bare"};
  command.description.priority = -3;
  command.lease = std::chrono::seconds(42);
  const auto registered = house_.get(house_.store().register_agent(command));
  const auto agent = house_.get(house_.store().agent(registered.agent.id));
  EXPECT_EQ(agent.state, AgentState::Registered);
  EXPECT_EQ(agent.description.os, "several\nlines");
  EXPECT_EQ(agent.description.tags, command.description.tags);
  EXPECT_EQ(agent.description.priority, -3);
  EXPECT_EQ(agent.lease, std::chrono::seconds(42));
}

TEST_P(Identity, OfAnAgentWithAnUnknownQueueIsRefused) {
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  command.description.tags = {"queue=nowhere"};
  EXPECT_EQ(house_.error_of(house_.store().register_agent(command)), Errc::UserFault);
}

TEST_P(Identity, OfADisconnectedAgentCannotBeat) {
  const auto agent = house_.connect_agent();
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().heartbeat({agent.id, house_.now()})), Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().heartbeat({AgentId::make(), house_.now()})),
            Errc::NotFound);
}

TEST_P(Identity, OfAPipelineIsItsSlugAndItsName) {
  CreatePipeline command{.organization = house_.agent_token().organization,
                         .cluster = house_.agent_token().cluster,
                         .settings = {},
                         .now = house_.now()};
  command.settings.name = "Hello";
  command.settings.slug = "other";
  EXPECT_EQ(house_.error_of(house_.store().create_pipeline(command)), Errc::Conflict);
  command.settings.name = "Other";
  command.settings.slug = "Not a slug";
  EXPECT_EQ(house_.error_of(house_.store().create_pipeline(command)), Errc::UserFault);
  command.settings.slug = "other";
  const auto made = house_.get(house_.store().create_pipeline(command));
  EXPECT_EQ(house_.get(house_.store().pipeline_by_slug(command.organization, "other")).id, made.id);
}

}  // namespace
}  // namespace ostler::store
