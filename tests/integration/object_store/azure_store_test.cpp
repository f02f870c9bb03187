// SPDX-License-Identifier: Apache-2.0
#include "object_store/azure_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/base64.hpp"
#include "crypto/hmac.hpp"
#include "files/file.hpp"
#include "support/aws_signature_check.hpp"
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

constexpr const char* kAccountKey = "0123456789abcdef0123456789abcdef";

/// A container of the account "ci", whose key or whose token every request must show.
class AzureStoreTest : public testing::Test {
 protected:
  AzureStoreTest() { set_key(kAccountKey); }

  void set_key(const std::string& key) {
    variables_["BUILDKITE_AZURE_BLOB_CONNECTION_STRING"] =
        "AccountName=ci;AccountKey=" + base64(key) + ";BlobEndpoint=" + server_.url() + "/ci";
  }

  static std::string header(const ServerRequest& request, const std::string& name) {
    const auto at = request.headers.find(name);
    return at == request.headers.end() ? std::string() : at->second;
  }

  // As Microsoft documents "Authorize with Shared Key".
  static std::string expected_authorization(const ServerRequest& request) {
    const std::string size = header(request, "content-length");
    std::string text = request.method + "\n\n\n" + (size == "0" ? "" : size) + "\n" +
                       header(request, "content-md5") + "\n" + header(request, "content-type") +
                       "\n\n\n\n\n\n\n";
    for (const auto& [name, value] : request.headers) {
      if (name.starts_with("x-ms-")) text += name + ":" + value + "\n";
    }
    text += "/ci" + request.target.substr(0, request.target.find('?'));
    for (const auto& [name, value] : support::query_of(request.target)) {
      text += "\n" + name + ":" + value;
    }
    return "SharedKey ci:" + base64(crypto::hmac_sha256(Secret(kAccountKey), text));
  }

  ServerReply guard(const ServerRequest& request) {
    const std::string shown = header(request, "authorization");
    if (shown != expected_authorization(request)) {
      return {403, "<Error><Code>AuthenticationFailed</Code><Message>No &lt;key&gt;</Message>", {}};
    }
    if (header(request, "x-ms-version").empty()) return {400, "", {}};
    auto query = support::query_of(request.target);
    const std::string md5 = header(request, "content-md5");
    const bool differs =
        support::base64_decoded(md5) != support::digest_of(request.body, "MD5") && !md5.empty();
    if (differs) return {400, "<Error><Code>Md5Mismatch</Code></Error>", {}};
    if (query["comp"] == "block") {
      blocks_[query["blockid"]] = request.body;
      return {201, "", {}};
    }
    if (query["comp"] == "blocklist") {
      list_ = request.body;
      return {201, "", {}};
    }
    const bool is_blob = header(request, "x-ms-blob-type") == "BlockBlob" && !md5.empty();
    if (request.method == "PUT" && !is_blob) return {400, "", {}};
    return {200, "", {}};
  }

  Result<std::unique_ptr<ObjectStore>> open() const {
    return open_azure_store("https://ci.blob.core.windows.net/box/p",
                            {.variables = support::lookup(variables_),
                             .part_size = 1000,
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
  std::map<std::string, std::string> blocks_;
  std::string list_;
  FakeFileServer server_{[this](const ServerRequest& request) { return guard(request); }};
  support::GivenVariables variables_;
  net::BlockingHttpClient client_;
};

TEST_F(AzureStoreTest, BringsBackWhatItTook) {
  for (const std::string content : {"content", ""}) {
    const auto done = put("out/a b+c&d.txt", content);
    ASSERT_TRUE(done) << done.error().message();
    const auto file = server_.files().at("/ci/box/p/out/a b+c&d.txt");
    EXPECT_EQ(file.content, content);
    EXPECT_EQ(file.headers.at("content-type"), "text/plain");
    EXPECT_EQ(get("out/a b+c&d.txt").value(), content);
  }
}

TEST_F(AzureStoreTest, SendsALargeFileInBlocks) {
  std::string content(3500, 'x');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 23);
  const auto done = put("large", content);
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(blocks_.size(), 4u);
  std::string joined;
  std::size_t at = 0;
  while ((at = list_.find("<Latest>", at)) != std::string::npos) {
    at += 8;
    joined += blocks_.at(list_.substr(at, list_.find('<', at) - at));
  }
  EXPECT_EQ(joined, content);
}

TEST_F(AzureStoreTest, GoesOnAfterFaultsThatPass) {
  server_.be_busy(2);
  ASSERT_TRUE(put("a", "content"));
  server_.cut_bodies(2);
  EXPECT_EQ(get("a").value(), "content");
}

TEST_F(AzureStoreTest, SaysOfARefusalWhatWhereAndWhatToDo) {
  set_key("another key, which nobody may see");
  const auto done = put("out/a", "x");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Denied);
  EXPECT_THAT(done.error().message(),
              HasSubstr("https://ci.blob.core.windows.net/box/p/out/a: the store answered 403 "
                        "(AuthenticationFailed: No <key>); check the account's key"));
  EXPECT_THAT(done.error().message(), Not(HasSubstr("SharedKey")));
  EXPECT_EQ(server_.calls().size(), 1u) << "what does not heal is not tried again";
  set_key(kAccountKey);
  EXPECT_EQ(get("missing").error().code(), Errc::NotFound);
}

TEST_F(AzureStoreTest, AsksForATokenWhereThereIsNoKey) {
  support::ScriptedServer authority(
      [](ServerRequest request) -> boost::asio::awaitable<support::ServerAnswer> {
        auto form = support::query_of("?" + request.body);
        const bool is_right = request.target == "/tenant/oauth2/v2.0/token" &&
                              form["client_id"] == "app" && form["client_secret"] == "s&cret" &&
                              form["scope"] == "https://storage.azure.com/.default";
        if (!is_right) co_return ServerReply{401, "no s&cret", {}};
        co_return ServerReply{200, R"({"access_token":"t","expires_in":3600})", {}};
      });
  variables_ = {{"AZURE_TENANT_ID", "tenant"},
                {"AZURE_CLIENT_ID", "app"},
                {"AZURE_CLIENT_SECRET", "s&cret"},
                {"AZURE_AUTHORITY_HOST", authority.url()}};
  EXPECT_TRUE(open().value()->prepare(client_));
  variables_["AZURE_CLIENT_SECRET"] = "wrong";
  const auto refused = open().value()->prepare(client_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "Azure credentials: " + authority.url() +
                                           " answered 401 to the request for an access token");
  variables_["AZURE_AUTHORITY_HOST"] = "http://thief.example";
  EXPECT_FALSE(open().value()->prepare(client_));
}

}  // namespace
}  // namespace ostler::object_store
