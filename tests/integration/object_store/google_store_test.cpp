// SPDX-License-Identifier: Apache-2.0
#include "object_store/google_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/rsa_key.hpp"
#include "files/file.hpp"
#include "object_store/google_credentials.hpp"
#include "support/aws_signature_check.hpp"
#include "support/fake_file_server.hpp"
#include "support/given_variables.hpp"
#include "support/temp_directory.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;
using agent_client::Growth;
using nlohmann::json;
using support::FakeFileServer;
using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;
using testing::Not;

const crypto::RsaKey& account_key() {
  static const crypto::RsaKey key = crypto::RsaKey::make();
  return key;
}

/// The token endpoint, the metadata of a machine, and a bucket of Google's, all on one address.
class GoogleStoreTest : public testing::Test {
 protected:
  GoogleStoreTest() {
    service_account_ = {{"type", "service_account"},
                        {"client_email", "ci@project.example"},
                        {"private_key_id", "k1"},
                        {"private_key", account_key().pem().reveal()},
                        {"token_uri", server_.url() + "/token"}};
    variables_ = {{"BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON", service_account_.dump()},
                  {"STORAGE_EMULATOR_HOST", server_.url()},
                  {"GCE_METADATA_HOST", server_.url().substr(7)},
                  {"HOME", directory_.path().string()}};
  }

  ServerReply guard(const ServerRequest& request) const {
    const auto header = [&](const char* name) {
      const auto at = request.headers.find(name);
      return at == request.headers.end() ? std::string() : at->second;
    };
    if (request.target == "/token") return give_token(request.body);
    if (request.target.starts_with("/computeMetadata/v1/instance/")) {
      if (!is_google_machine_ || header("metadata-flavor") != "Google") return {403, "", {}};
      return {200,
              R"({"access_token":"machine-token","expires_in":3600})",
              {{"Metadata-Flavor", "Google"}}};
    }
    const std::string token = header("authorization");
    if (token != "Bearer account-token" && token != "Bearer person-token" &&
        token != "Bearer machine-token") {
      return {401, "<Error><Code>AuthenticationRequired</Code></Error>", {}};
    }
    const bool fits =
        support::base64_decoded(header("content-md5")) == support::digest_of(request.body, "MD5");
    if (request.method == "PUT" && !fits) return {400, "<Error><Code>BadDigest</Code></Error>", {}};
    return {200, "", {}};
  }

  ServerReply give_token(const std::string& form) const {
    auto fields = support::query_of("?" + form);
    if (fields["grant_type"] == "refresh_token" && fields["refresh_token"] == "1//ref=resh") {
      return {200, R"({"access_token":"person-token","expires_in":"3599"})", {}};
    }
    const std::string& assertion = fields["assertion"];
    const std::size_t first = assertion.find('.');
    const std::size_t last = assertion.rfind('.');
    if (fields["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || first == last ||
        !support::is_rs256(assertion.substr(0, last),
                           support::base64_decoded(assertion.substr(last + 1)),
                           account_key().pem().reveal())) {
      return {400, "your assertion " + assertion, {}};
    }
    const json head = json::parse(support::base64_decoded(assertion.substr(0, first)));
    const json claims =
        json::parse(support::base64_decoded(assertion.substr(first + 1, last - first - 1)));
    const bool is_right = head["alg"] == "RS256" && head["kid"] == "k1" &&
                          claims["iss"] == "ci@project.example" &&
                          claims["aud"] == server_.url() + "/token" &&
                          claims["exp"].get<int>() - claims["iat"].get<int>() == 3600;
    if (!is_right) return {400, "", {}};
    return {200, R"({"access_token":"account-token","expires_in":3600})", {}};
  }

  Result<std::unique_ptr<ObjectStore>> open(const std::string& destination = "gs://bkt/p/") const {
    return open_google_store(destination, {.variables = support::lookup(variables_),
                                           .upload = {3, Growth::Constant, 1ms},
                                           .download = {3, Growth::Constant, 1ms}});
  }

  Result<void> put(const std::string& path, const std::string& content) {
    OSTLER_TRY(const auto store, open());
    std::ofstream(directory_ / "content") << content;
    OSTLER_TRY(store->prepare(client_));
    return store->put(client_, {.path = path,
                                .file = directory_ / "content",
                                .size = content.size(),
                                .sha1 = {},
                                .sha256 = {},
                                .content_type = "text/plain"});
  }

  Result<std::string> get(const std::string& path) {
    OSTLER_TRY(const auto store, open());
    OSTLER_TRY(store->get(client_, path, directory_ / "got"));
    return files::read_file(directory_ / "got");
  }

  support::TempDirectory directory_;
  json service_account_;
  std::atomic<bool> is_google_machine_ = false;
  FakeFileServer server_{[this](const ServerRequest& request) { return guard(request); }};
  support::GivenVariables variables_;
  net::BlockingHttpClient client_;
};

TEST_F(GoogleStoreTest, BringsBackWhatItTook) {
  const auto done = put("out/a b+\"c\".txt", "content");
  ASSERT_TRUE(done) << done.error().message();
  const auto file = server_.files().at("/bkt/p/out/a b+\"c\".txt");
  EXPECT_EQ(file.content, "content");
  EXPECT_EQ(file.headers.at("content-type"), "text/plain");
  EXPECT_EQ(file.headers.at("content-disposition"), "inline; filename=\"a b+c.txt\"");
  EXPECT_FALSE(file.headers.contains("x-goog-acl"));
  EXPECT_EQ(get("out/a b+\"c\".txt").value(), "content");
}

TEST_F(GoogleStoreTest, AsksForOneTokenForManyFiles) {
  const auto store = open().value();
  ASSERT_TRUE(store->prepare(client_));
  ASSERT_TRUE(put("a", "x"));
  ASSERT_TRUE(store->get(client_, "a", directory_ / "1"));
  ASSERT_TRUE(store->get(client_, "a", directory_ / "2"));
  const auto calls = server_.calls();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "POST /token"), 2) << "one for each store";
}

TEST_F(GoogleStoreTest, SendsTheAclThatWasAskedFor) {
  variables_["BUILDKITE_GS_ACL"] = "projectPrivate";
  ASSERT_TRUE(put("a", "x"));
  EXPECT_EQ(server_.files().at("/bkt/p/a").headers.at("x-goog-acl"), "project-private");
  variables_["BUILDKITE_GS_ACL"] = "public-read";
  const auto unknown = open();
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message(), HasSubstr("there are authenticatedRead, private"));
}

TEST_F(GoogleStoreTest, ShowsPeopleGooglesAddressOrTheirOwn) {
  EXPECT_EQ(open().value()->url_of("a b"), "https://storage.googleapis.com/bkt/p/a%20b");
  variables_["BUILDKITE_GCS_ACCESS_HOST"] = "files.example";
  variables_["BUILDKITE_GCS_PATH_PREFIX"] = "/in/bucket/";
  variables_["BUILDKITE_GCS_PATH_SUFFIX"] = ";tab=live_object";
  EXPECT_EQ(open("gs://bkt").value()->url_of("a"),
            "https://files.example/in/bucket/a;tab=live_object");
  variables_["BUILDKITE_GCS_PATH_PREFIX"] = "/";
  EXPECT_EQ(open("gs://bkt").value()->url_of("a"), "https://files.example/a;tab=live_object");
}

TEST_F(GoogleStoreTest, TakesCredentialsFromTheFirstPlaceThatHasThem) {
  const auto token = [&] {
    const SystemClock clock;
    const auto found = GoogleCredentials(support::lookup(variables_), clock).token(client_);
    return found ? found.value().reveal() : found.error().message();
  };
  EXPECT_EQ(token(), "account-token");
  variables_.erase("BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON");
  EXPECT_THAT(token(),
              HasSubstr("no Google credentials: set BUILDKITE_GS_APPLICATION_CREDENTIALS"));
  is_google_machine_ = true;
  EXPECT_EQ(token(), "machine-token");
  std::filesystem::create_directories(directory_ / ".config/gcloud");
  std::ofstream(directory_ / ".config/gcloud/application_default_credentials.json")
      << json{{"type", "authorized_user"},
              {"client_id", "c"},
              {"client_secret", "s"},
              {"refresh_token", "1//ref=resh"},
              {"token_uri", server_.url() + "/token"}}
             .dump();
  EXPECT_EQ(token(), "person-token");
  std::ofstream(directory_ / "key.json") << service_account_.dump();
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = (directory_ / "key.json").string();
  EXPECT_EQ(token(), "account-token");
  variables_["BUILDKITE_GS_APPLICATION_CREDENTIALS"] = "/nonexistent/key.json";
  EXPECT_THAT(token(), HasSubstr("BUILDKITE_GS_APPLICATION_CREDENTIALS: "));
}

TEST_F(GoogleStoreTest, SaysWhatIsWrongWithCredentialsWithoutShowingThem) {
  const auto fault = [](const json& document) {
    const auto key = parse_google_key(document.is_null() ? "no json" : document.dump(), "the file");
    return key ? std::string("none") : key.error().message();
  };
  EXPECT_EQ(fault(service_account_), "none");
  EXPECT_EQ(fault(json()), "the file is not the JSON of Google credentials");
  EXPECT_THAT(fault({{"type", "external_account"}}), HasSubstr("\"external_account\" are not"));
  json changed = service_account_;
  changed.erase("client_email");
  EXPECT_THAT(fault(changed), HasSubstr("client_email"));
  changed = service_account_;
  changed["token_uri"] = "http://thief.example/";
  EXPECT_THAT(fault(changed), HasSubstr("token_uri"));
  changed = service_account_;
  changed["private_key"] = "hidden";
  variables_["BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON"] = changed.dump();
  const auto done = put("a", "x");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("private_key of ci@project.example"));
  EXPECT_THAT(done.error().message(), Not(HasSubstr("hidden")));
  changed["private_key"] = crypto::RsaKey::make().pem().reveal();
  variables_["BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON"] = changed.dump();
  EXPECT_EQ(put("a", "x").error().message(),
            "Google credentials: " + server_.url() +
                "/token answered 400 to the request for an access token");
}

TEST_F(GoogleStoreTest, GoesOnAfterFaultsThatPass) {
  server_.be_busy(2);
  ASSERT_TRUE(put("a", "content")) << "the token's endpoint is busy";
  server_.cut_bodies(2);
  EXPECT_EQ(get("a").value(), "content");
  EXPECT_EQ(get("missing").error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::object_store
