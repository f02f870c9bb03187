// SPDX-License-Identifier: Apache-2.0
#include "object_store/artifactory_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/digest.hpp"
#include "crypto/hex.hpp"
#include "files/file.hpp"
#include "support/fake_file_server.hpp"
#include "support/given_variables.hpp"
#include "support/temp_directory.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;
using agent_client::Growth;
using support::FakeFileServer;
using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;
using testing::Not;

std::string hex_digest(const std::string& text, const char* algorithm) {
  const std::string raw = support::digest_of(text, algorithm);
  return crypto::to_hex(std::span(reinterpret_cast<const unsigned char*>(raw.data()), raw.size()));
}

/// As Artifactory: "ann" with "pass:word", and 409 for a body of other digests than told.
ServerReply artifactory_guard(const ServerRequest& request) {
  const auto header = [&](const char* name) {
    const auto at = request.headers.find(name);
    return at == request.headers.end() ? std::string() : at->second;
  };
  if (header("authorization") != "Basic YW5uOnBhc3M6d29yZA==") {
    return {401, R"({"errors":[{"status":401,"message":"Bad credentials"}]})", {}};
  }
  const bool fits = header("x-checksum-md5") == hex_digest(request.body, "MD5") &&
                    header("x-checksum-sha1") == hex_digest(request.body, "SHA1") &&
                    header("x-checksum-sha256") == hex_digest(request.body, "SHA256");
  if (request.method == "PUT" && !fits) {
    return {409, R"({"errors":[{"status":409,"message":"Checksum error"}]})", {}};
  }
  return {200, "", {}};
}

class ArtifactoryStoreTest : public testing::Test {
 protected:
  ArtifactoryStoreTest() {
    variables_ = {{"BUILDKITE_ARTIFACTORY_URL", server_.url() + "/artifactory/"},
                  {"BUILDKITE_ARTIFACTORY_USER", "ann"},
                  {"BUILDKITE_ARTIFACTORY_PASSWORD", "pass:word"}};
  }

  Result<std::unique_ptr<ObjectStore>> open(const std::string& destination = "rt://repo/p/") {
    return open_artifactory_store(destination, {.variables = support::lookup(variables_),
                                                .upload = {3, Growth::Constant, 1ms},
                                                .download = {3, Growth::Constant, 1ms}});
  }

  Result<void> put(const std::string& path, const std::string& content) {
    OSTLER_TRY(const auto store, open());
    std::ofstream(directory_ / "content") << content;
    return store->put(client_, {.path = path,
                                .file = directory_ / "content",
                                .size = content.size(),
                                .sha1 = hex_digest(content, "SHA1"),
                                .sha256 = crypto::sha256_hex(content),
                                .content_type = "text/plain"});
  }

  Result<std::string> get(const std::string& path) {
    OSTLER_TRY(const auto store, open());
    OSTLER_TRY(store->get(client_, path, directory_ / "got"));
    return files::read_file(directory_ / "got");
  }

  support::TempDirectory directory_;
  FakeFileServer server_{artifactory_guard};
  support::GivenVariables variables_;
  net::BlockingHttpClient client_;
};

TEST_F(ArtifactoryStoreTest, BringsBackWhatItTook) {
  for (const std::string path : {"out/a b+c.txt", "x"}) {
    const auto done = put(path, "content of " + path);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(server_.files().at("/artifactory/repo/p/" + path).content, "content of " + path);
    EXPECT_EQ(get(path).value(), "content of " + path);
  }
  EXPECT_EQ(open().value()->url_of("a b"), server_.url() + "/artifactory/repo/p/a%20b");
  EXPECT_EQ(open("rt://repo").value()->url_of("a"), server_.url() + "/artifactory/repo/a");
}

TEST_F(ArtifactoryStoreTest, GoesOnAfterFaultsThatPass) {
  server_.be_busy(2);
  ASSERT_TRUE(put("a", "content"));
  server_.cut_bodies(2);
  EXPECT_EQ(get("a").value(), "content");
  server_.be_busy(3);
  EXPECT_FALSE(put("a", "content")) << "three attempts";
}

TEST_F(ArtifactoryStoreTest, FollowsADownloadToWhereTheServerKeepsItWithoutThePassword) {
  ASSERT_TRUE(put("a", "content"));
  FakeFileServer bucket([](const ServerRequest& request) -> ServerReply {
    if (request.headers.contains("authorization")) return {400, "", {}};
    return {200, "from the bucket", {}};
  });
  server_.redirect_to(bucket.url());
  EXPECT_EQ(get("a").value(), "from the bucket");
}

TEST_F(ArtifactoryStoreTest, SaysOfARefusalWhatWhereAndWhatToDo) {
  variables_["BUILDKITE_ARTIFACTORY_PASSWORD"] = "wrong-password";
  const auto done = put("out/a", "x");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Denied);
  EXPECT_EQ(done.error().message(),
            "rt://repo/p/out/a: the store answered 401 (Bad credentials); check "
            "BUILDKITE_ARTIFACTORY_USER and BUILDKITE_ARTIFACTORY_PASSWORD, and what that user may "
            "do in the repository");
  EXPECT_EQ(server_.calls().size(), 1u) << "what does not heal is not tried again";
  variables_["BUILDKITE_ARTIFACTORY_PASSWORD"] = "pass:word";
  EXPECT_EQ(get("missing").error().code(), Errc::NotFound);
}

TEST_F(ArtifactoryStoreTest, WantsAllOfItsVariablesAndAnAddressWithoutAPassword) {
  for (const char* name : {"BUILDKITE_ARTIFACTORY_URL", "BUILDKITE_ARTIFACTORY_USER",
                           "BUILDKITE_ARTIFACTORY_PASSWORD"}) {
    const std::string value = variables_.at(name);
    variables_.erase(name);
    const auto store = open();
    ASSERT_FALSE(store) << name;
    EXPECT_EQ(store.error().code(), Errc::UserFault);
    EXPECT_THAT(store.error().message(), HasSubstr(std::string("needs ") + name));
    variables_[name] = value;
  }
  variables_["BUILDKITE_ARTIFACTORY_URL"] = "https://ann:hidden@example.com/";
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message(), Not(HasSubstr("hidden")));
}

}  // namespace
}  // namespace ostler::object_store
