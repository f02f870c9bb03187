// SPDX-License-Identifier: Apache-2.0
#include "hub/webhook_request.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

/// The vector by which clients check signatures. Source: reference/rest-api.md 18.2; go-buildkite,
/// webhook_test.go.
constexpr const char* kVectorBody =
    R"({"event":"ping","service":{"id":"c9f8372d-c0cd-43dc-9274-768a875cf6ca",)"
    R"("provider":"webhook","settings":{"url":"https://server.com/webhooks"}},)"
    R"("organization":{"id":"49801950-1df0-474f-bb56-ad6a930c5cb9",)"
    R"("graphql_id":"T3JnYW5pemF0aW9uLS0tZTBmMzk3MgsTksGkxOWYtZTZjNzczZTJiYjEy",)"
    R"("url":"https://api.buildkite.com/v2/organizations/acme-inc",)"
    R"("web_url":"https://buildkite.com/acme-inc","name":"ACME Inc","slug":"acme-inc",)"
    R"("agents_url":"https://api.buildkite.com/v2/organizations/acme-inc/agents",)"
    R"("emojis_url":"https://api.buildkite.com/v2/organizations/acme-inc/emojis",)"
    R"("created_at":"2021-02-03T20:34:10.486Z",)"
    R"("pipelines_url":"https://api.buildkite.com/v2/organizations/acme-inc/pipelines"},)"
    R"("sender":{"id":"c9f8372d-c0cd-43dc-9269-bcbb7f308e3f","name":"ACME Man"}})";
const Secret kVectorToken("29b1ff5779c76bd48ba6705eb99ff970");
constexpr Timestamp kVectorTime{1642080837LL * 1'000'000 + 999'999};

TEST(WebhookSignature, IsThatOfTheVector) {
  EXPECT_EQ(webhook_signature(kVectorBody, kVectorToken, kVectorTime),
            "timestamp=1642080837,"
            "signature=582d496ac2d869dd97a3101c4cda346288c49a742592daf582ec64c86449f79c");
}

TEST(WebhookRequest, IsSignedOverTheBytesThatAreSent) {
  store::WebhookDelivery delivery{.id = DeliveryId::make(),
                                  .build = BuildId::make(),
                                  .url = "https://example.com/hook",
                                  .event = "build.finished"};
  const WebhookNews news{.build = R"({"id":1})", .pipeline = R"({"id":2})", .sender = {}};
  const auto header = [](const net::HttpRequest& request) {
    return std::string(net::find_header(request.headers, "X-Buildkite-Signature"));
  };
  const auto request = webhook_request(delivery, news, kVectorToken, kVectorTime);
  EXPECT_EQ(header(request),
            webhook_signature(std::get<std::string>(request.body), kVectorToken, kVectorTime));
  EXPECT_EQ(net::find_header(request.headers, "X-Buildkite-Event"), "build.finished");
  EXPECT_EQ(header(webhook_request(delivery, news, std::nullopt, kVectorTime)), "");
}

}  // namespace
}  // namespace ostler::hub
