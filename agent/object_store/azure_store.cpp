// SPDX-License-Identifier: Apache-2.0
#include "object_store/azure_store.hpp"

#include <algorithm>
#include <cctype>

#include "base/base64.hpp"
#include "object_store/azure_account.hpp"
#include "object_store/azure_credentials.hpp"
#include "object_store/duration.hpp"
#include "object_store/file_parts.hpp"
#include "object_store/location.hpp"
#include "object_store/refusal.hpp"
#include "object_store/send.hpp"

namespace ostler::object_store {
namespace {

constexpr std::string_view kAzureScheme = "https://";
constexpr std::string_view kAzureHost = ".blob.core.windows.net";
constexpr std::uint64_t kMostBlocks = 50'000;

struct AzureSettings {
  AzureAccount account;
  Location location;                             // the container as its bucket
  std::optional<std::chrono::seconds> readable;  // how long a shown URL lets its reader read
};

struct AzureDestination {
  std::string account;
  Location location;
};

Result<AzureDestination> parse_azure_destination(std::string destination) {
  const std::string whole = destination;
  destination.resize(std::min(destination.find_first_of("?#"), destination.size()));
  const std::size_t host_end =
      std::min(destination.find('/', kAzureScheme.size()), destination.size());
  const std::string account =
      destination.substr(kAzureScheme.size(), host_end - kAzureScheme.size() - kAzureHost.size());
  const bool is_name = !account.empty() && std::ranges::all_of(account, [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0;
  });
  const std::string rest = destination.substr(std::min(host_end + 1, destination.size()));
  auto location = parse_location("azure://" + rest, "azure://");
  if (is_name && location) return AzureDestination{account, std::move(location).value()};
  return Error(Errc::UserFault, "artifact destination \"" + whole.substr(0, destination.size()) +
                                    "\" names no account or no container; write "
                                    "https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX");
}

Result<AzureSettings> read_azure_settings(const std::string& destination,
                                          const Variables& variables) {
  OSTLER_TRY(auto parsed, parse_azure_destination(destination));
  AzureSettings settings;
  settings.location = std::move(parsed.location);
  OSTLER_TRY(settings.account, read_azure_account(parsed.account, variables));
  constexpr const char* kReadable = "BUILDKITE_AZURE_BLOB_SAS_TOKEN_DURATION";
  if (const std::string text = variables(kReadable); !text.empty()) {
    settings.readable = parse_duration(text);
    if (!settings.readable) {
      return Error(Errc::UserFault, std::string(kReadable) + " \"" + quoted_words(text) +
                                        "\" is no time; write 48h or 1h30m");
    }
    if (settings.account.key.empty()) {
      return Error(Errc::UserFault, std::string(kReadable) +
                                        " needs the account's key: set "
                                        "BUILDKITE_AZURE_BLOB_ACCESS_KEY");
    }
  }
  return settings;
}

/// One request, before it is dated and signed.
struct AzureCall {
  net::HttpRequest request;
  std::uint64_t body_size = 0;
};

class AzureStore final : public ObjectStore {
 public:
  AzureStore(AzureSettings settings, const StoreOptions& options)
      : settings_(std::move(settings)),
        options_(options),
        clock_(clock_of(options)),
        credentials_(options.variables, clock_) {}

  Result<void> prepare(net::BlockingHttpClient& client) const override {
    if (!settings_.account.key.empty()) return success();
    OSTLER_TRY(credentials_.token(client));
    return success();
  }

  std::string url_of(const std::string& path) const override {
    std::string url = "https://" + settings_.account.name + std::string(kAzureHost) + "/" +
                      url_path(blob_of(path));
    if (!settings_.readable) return url;
    return url + "?" +
           azure_read_query(settings_.account, blob_of(path), clock_.now() + *settings_.readable);
  }

  Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const override {
    if (file.size > options_.part_size) return put_blocks(client, file);
    OSTLER_TRY(AzureCall call, call_with_part(file.path, "", {file.file, 0, file.size}));
    call.request.headers.emplace_back("Content-Type", file.content_type);
    call.request.headers.emplace_back("x-ms-blob-type", "BlockBlob");
    return send_signed(client, call, options_.upload, file.path);
  }

  Result<void> get(net::BlockingHttpClient& client, const std::string& path,
                   const std::filesystem::path& target) const override {
    AzureCall call = call_for("GET", path, "");
    call.request.download_to = target;
    return send_signed(client, call, options_.download, path);
  }

 private:
  std::string blob_of(const std::string& path) const {
    return settings_.location.bucket + "/" + settings_.location.object_of(path);
  }

  AzureCall call_for(const std::string& method, const std::string& path,
                     const std::string& query) const {
    AzureCall call;
    call.request.method = method;
    call.request.url = settings_.account.endpoint + "/" + url_path(blob_of(path)) + query;
    call.request.total_timeout = {};  // as long as bytes flow
    call.request.follow_redirects = false;
    return call;
  }

  // The store compares what arrives with the MD5.
  Result<AzureCall> call_with_part(const std::string& path, const std::string& query,
                                   const net::FileBody& part) const {
    OSTLER_TRY(auto md5, digest_part(part, crypto::Algorithm::Md5));
    AzureCall call = call_for("PUT", path, query);
    call.request.headers.emplace_back("Content-MD5", base64(md5.finish()));
    call.request.body = part;
    call.body_size = part.size;
    return call;
  }

  // Blocks that are never listed are removed by the store after a week.
  Result<void> put_blocks(net::BlockingHttpClient& client, const OutgoingFile& file) const {
    std::string list;
    for (const FilePart& part : split_evenly(file.size, options_.part_size, kMostBlocks)) {
      // Of one length in all blocks, and of letters that need no escape.
      std::string number = std::to_string(part.offset);
      const std::string id = "b" + std::string(23 - number.size(), '0') + number;
      const std::string sent_id = base64(id);
      OSTLER_TRY(const AzureCall call,
                 call_with_part(file.path, "?blockid=" + sent_id + "&comp=block",
                                {file.file, part.offset, part.size}));
      OSTLER_TRY(send_signed(client, call, options_.upload, file.path));
      list += "<Latest>" + sent_id + "</Latest>";
    }
    const std::string body =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>" + list + "</BlockList>";
    AzureCall call = call_for("PUT", file.path, "?comp=blocklist");
    call.request.headers = {{"Content-Type", "application/xml"},
                            {"x-ms-blob-content-type", file.content_type}};
    call.body_size = body.size();
    call.request.body = body;
    return send_signed(client, call, options_.upload, file.path);
  }

  Result<void> send_signed(net::BlockingHttpClient& client, const AzureCall& call,
                           const agent_client::RetryPolicy& policy, const std::string& path) const {
    const auto make = [&]() -> Result<net::HttpRequest> {
      net::HttpRequest request = call.request;
      date_for_azure(request, clock_.now());
      if (!settings_.account.key.empty()) {
        sign_for_azure(request, settings_.account, call.body_size);
        return request;
      }
      OSTLER_TRY(const Secret token, credentials_.token(client));
      request.headers.emplace_back("Authorization", "Bearer " + token.reveal());
      return request;
    };
    const std::string name =
        "https://" + settings_.account.name + std::string(kAzureHost) + "/" + blob_of(path);
    OSTLER_TRY(send(client, make, policy, [&](const net::HttpResponse& answer) {
      return plain_refusal(
          answer, name,
          {.denied = "check the account's key and this machine's clock, or give the identity the "
                     "role Storage Blob Data Contributor",
           .not_found = "make the container, or correct the destination"});
    }));
    return success();
  }

  const AzureSettings settings_;
  const StoreOptions options_;
  const Clock& clock_;
  const AzureCredentials credentials_;
};

}  // namespace

bool is_azure_destination(const std::string& destination) {
  if (!destination.starts_with(kAzureScheme)) return false;
  const std::size_t end =
      std::min(destination.find_first_of("/?#", kAzureScheme.size()), destination.size());
  return std::string_view(destination).substr(0, end).ends_with(kAzureHost);
}

Result<std::unique_ptr<ObjectStore>> open_azure_store(const std::string& destination,
                                                      const StoreOptions& options) {
  OSTLER_TRY(auto settings, read_azure_settings(destination, options.variables));
  return std::make_unique<AzureStore>(std::move(settings), options);
}

}  // namespace ostler::object_store
