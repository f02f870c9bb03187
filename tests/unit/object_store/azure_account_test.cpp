// SPDX-License-Identifier: Apache-2.0
#include "object_store/azure_account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object_store/azure_store.hpp"
#include "object_store/duration.hpp"
#include "support/given_variables.hpp"

namespace ostler::object_store {
namespace {

using testing::HasSubstr;
using testing::Not;

// "0123456789abcdef0123456789abcdef"
constexpr const char* kKeyText = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const Timestamp kNewYear = parse_rfc3339("2026-01-01T00:00:00Z").value();

AzureAccount account() {
  return read_azure_account("ci", support::lookup({{"BUILDKITE_AZURE_BLOB_ACCESS_KEY", kKeyText}}))
      .value();
}

std::string authorization_of(net::HttpRequest request, std::uint64_t size) {
  date_for_azure(request, kNewYear);
  sign_for_azure(request, account(), size);
  return std::string(net::find_header(request.headers, "Authorization"));
}

// What Microsoft's own library for Python (azure-storage-blob 12.31) makes of the same requests.
TEST(AzureAccount, SignsAsMicrosoftsLibraryDoes) {
  net::HttpRequest whole{.method = "PUT",
                         .url = "https://ci.blob.core.windows.net/box/p/a%20b.txt"};
  whole.headers = {{"Content-Type", "text/plain"},
                   {"x-ms-blob-type", "BlockBlob"},
                   {"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}};
  EXPECT_EQ(authorization_of(whole, 5),
            "SharedKey ci:gdfTKpMyWhYsPpNJKT34KHpm58Qhjb2049Uw8LCZF6U=");
  net::HttpRequest block{.method = "PUT",
                         .url = "https://ci.blob.core.windows.net/box/big?comp=block&blockid=YjAw"};
  block.headers = {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}};
  EXPECT_EQ(authorization_of(block, 7),
            "SharedKey ci:gCdgkoLsMH5Gf80BFLV+tnZo4Kuiq3fZLlHkTVgTAtI=");
}

TEST(AzureAccount, LetsAReaderReadAsMicrosoftsLibraryDoes) {
  EXPECT_THAT(azure_read_query(account(), "box/p/a b.txt", kNewYear + std::chrono::hours(48)),
              HasSubstr("sig=O4S1s4p94YXcehSJZrseh3SG1mnQfDvBAJP28RAEWvw%3D"));
}

Result<AzureAccount> connected(const std::string& text) {
  return read_azure_account("ci",
                            support::lookup({{"BUILDKITE_AZURE_BLOB_CONNECTION_STRING", text}}));
}

TEST(AzureAccount, ReadsAConnectionString) {
  const std::string key = std::string("AccountKey=") + kKeyText;
  const auto plain = connected("DefaultEndpointsProtocol=https;AccountName=ci;" + key +
                               ";EndpointSuffix=core.chinacloudapi.cn");
  ASSERT_TRUE(plain) << plain.error().message();
  EXPECT_EQ(plain.value().endpoint, "https://ci.blob.core.chinacloudapi.cn");
  EXPECT_EQ(plain.value().key.reveal(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(
      connected("AccountName=ci;" + key + ";BlobEndpoint=http://127.0.0.1:1/ci/;").value().endpoint,
      "http://127.0.0.1:1/ci");
  EXPECT_THAT(connected("AccountName=other;" + key).error().message(),
              HasSubstr("is of the account other, the destination of ci"));
  EXPECT_THAT(connected("AccountName=ci;AccountKey=hidden!").error().message(),
              testing::AllOf(HasSubstr("no base64"), Not(HasSubstr("hidden"))));
  EXPECT_THAT(
      connected("BlobEndpoint=https://x/;SharedAccessSignature=sig=hidden").error().message(),
      testing::AllOf(HasSubstr("needs AccountName"), Not(HasSubstr("hidden"))));
}

TEST(AzureStore, ShowsItsAddressAndLetsPeopleReadForAWhileWhereAsked) {
  const auto url = [](support::GivenVariables variables, const std::string& destination) {
    variables["BUILDKITE_AZURE_BLOB_ACCESS_KEY"] = kKeyText;
    const auto store =
        open_azure_store(destination, {.variables = support::lookup(std::move(variables))});
    return store ? store.value()->url_of("a b") : store.error().message();
  };
  EXPECT_EQ(url({}, "https://ci.blob.core.windows.net/box/p/?ignored"),
            "https://ci.blob.core.windows.net/box/p/a%20b");
  EXPECT_EQ(url({}, "https://ci.blob.core.windows.net/box"),
            "https://ci.blob.core.windows.net/box/a%20b");
  EXPECT_THAT(url({{"BUILDKITE_AZURE_BLOB_SAS_TOKEN_DURATION", "1h"}},
                  "https://ci.blob.core.windows.net/box"),
              HasSubstr("/box/a%20b?sv="));
  EXPECT_THAT(url({{"BUILDKITE_AZURE_BLOB_SAS_TOKEN_DURATION", "soon"}},
                  "https://ci.blob.core.windows.net/box"),
              HasSubstr("\"soon\" is no time"));
  EXPECT_THAT(url({}, "https://ci.blob.core.windows.net/"),
              HasSubstr("no account or no container"));
  EXPECT_THAT(url({}, "https://.blob.core.windows.net/box"), HasSubstr("no account or no"));
}

TEST(AzureStore, IsKnownByItsHost) {
  EXPECT_TRUE(is_azure_destination("https://ci.blob.core.windows.net/box"));
  EXPECT_FALSE(is_azure_destination("https://example.com/x.blob.core.windows.net/box"));
  EXPECT_FALSE(is_azure_destination("http://ci.blob.core.windows.net/box"));
}

TEST(Duration, IsReadAsGoProgramsReadIt) {
  using std::chrono::seconds;
  EXPECT_EQ(parse_duration("1h30m"), seconds(5400));
  EXPECT_EQ(parse_duration("90s"), seconds(90));
  for (const char* text : {"", "1", "h", "1d", "-1h", "1h ", "0s", "99999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ostler::object_store
