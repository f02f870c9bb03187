// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rest_samples.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_cluster_answers.hpp"
#include "wire/rest_cluster_requests.hpp"

namespace ostler::wire {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Times on the wire have milliseconds.
Timestamp whole_second(int second) { return {samples::at(second).micros / 1000 * 1000}; }

model::Queue paused_queue() {
  model::Queue queue;
  queue.id = {samples::uuid(8)};
  queue.key = "linux";
  queue.description = "big \"ones\"";
  queue.retry_affinity = model::RetryAffinity::PreferDifferent;
  queue.lease = 300s;
  queue.pause = {.since = whole_second(7), .by = samples::user(), .note = "disks"};
  queue.created_at = whole_second(0);
  queue.created_by = samples::user();
  return queue;
}

TEST(RestClusters, ReadAQueueAsItWasSaid) {
  const model::Queue queue = paused_queue();
  const auto read = decode_rest_queues("[" + encode_rest_queue(queue, samples::urls()) + "]");
  ASSERT_TRUE(read) << read.error().message();
  const model::Queue& same = read.value().at(0);
  EXPECT_EQ(same.id, queue.id);
  EXPECT_EQ(same.key, queue.key);
  EXPECT_EQ(same.description, queue.description);
  EXPECT_EQ(same.retry_affinity, queue.retry_affinity);
  EXPECT_EQ(same.lease, queue.lease);
  ASSERT_TRUE(same.pause);
  EXPECT_EQ(same.pause->since, queue.pause->since);
  EXPECT_EQ(same.pause->note, "disks");
  EXPECT_EQ(same.pause->by->name, "Ada");
  EXPECT_EQ(same.created_at, queue.created_at);
}

TEST(RestClusters, ReadAClusterAsItWasSaid) {
  model::Cluster cluster;
  cluster.id = {samples::uuid(4)};
  cluster.name = "Robots";
  cluster.color = "#14cc80";
  cluster.default_queue = QueueId{samples::uuid(8)};
  cluster.created_at = whole_second(0);
  const auto read = decode_rest_clusters("[" + encode_rest_cluster(cluster, samples::urls()) + "]");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value().at(0).name, "Robots");
  EXPECT_EQ(read.value().at(0).color, "#14cc80");
  EXPECT_EQ(read.value().at(0).default_queue, cluster.default_queue);
  EXPECT_FALSE(read.value().at(0).created_by);
}

TEST(RestClusters, ReadATokenAsItWasSaid) {
  model::AgentToken token;
  token.id = {samples::uuid(9)};
  token.description = "laptop";
  token.created_at = whole_second(0);
  token.expires_at = whole_second(60);
  const std::string said = encode_rest_new_agent_token(token, Secret("osta_text"), samples::urls());
  EXPECT_EQ(decode_rest_agent_token_text(said).value().reveal(), "osta_text");
  const auto read = decode_rest_agent_tokens("[" + said + "]");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value().at(0).id, token.id);
  EXPECT_EQ(read.value().at(0).allowed_ip_addresses, "0.0.0.0/0 ::/0");
  EXPECT_EQ(read.value().at(0).expires_at, token.expires_at);
  const std::string listed = encode_rest_agent_token(token, samples::urls());
  EXPECT_EQ(listed.find("\"token\""), std::string::npos);
  EXPECT_FALSE(decode_rest_agent_token_text(listed));
}

TEST(RestClusters, RefuseAnswersOfSomethingElse) {
  for (const char* text : {"{}", "[1]", "[{}]", R"([{"id":"x"}])", R"([{"id":5}])", "[[]]", ""}) {
    EXPECT_FALSE(decode_rest_queues(text)) << text;
    EXPECT_FALSE(decode_rest_clusters(text)) << text;
    EXPECT_FALSE(decode_rest_agent_tokens(text)) << text;
  }
}

TEST(RestClusters, ReadRequestsAsTheyWereSaid) {
  const RestQueueRequest queue{.key = "linux",
                               .description = "",
                               .retry_affinity = model::RetryAffinity::PreferDifferent,
                               .lease = 0s};
  const auto made = decode_rest_new_queue(encode(queue)).value();
  EXPECT_TRUE(made.errors.empty());
  EXPECT_EQ(made.value.key, "linux");
  EXPECT_EQ(made.value.description, "");
  EXPECT_EQ(made.value.retry_affinity, queue.retry_affinity);
  EXPECT_EQ(made.value.lease, 0s);
  const auto nothing = decode_rest_queue_change(encode(RestQueueRequest{})).value();
  EXPECT_FALSE(nothing.value.description || nothing.value.lease || nothing.value.retry_affinity);
  EXPECT_EQ(decode_rest_queue_pause(encode_rest_queue_pause("disks")).value().value, "disks");
  EXPECT_EQ(decode_rest_queue_pause("").value().value, "");

  const RestAgentTokenRequest token{
      .description = "laptop", .allowed_ip_addresses = "::1", .expires_at = whole_second(5)};
  const auto decoded = decode_rest_new_agent_token(encode(token)).value();
  EXPECT_TRUE(decoded.errors.empty());
  EXPECT_EQ(decoded.value.expires_at, token.expires_at);
  EXPECT_EQ(decoded.value.allowed_ip_addresses, "::1");
  RestClusterRequest cluster;
  cluster.default_queue_id = "q";
  EXPECT_EQ(decode_rest_cluster_change(encode(cluster)).value().value.default_queue_id, "q");
  EXPECT_FALSE(decode_rest_new_cluster("[]"));
  EXPECT_FALSE(decode_rest_queue_change("{"));
}

}  // namespace
}  // namespace ostler::wire
