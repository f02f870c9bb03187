// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_store.hpp"

#include "object_store/file_parts.hpp"
#include "object_store/s3_client.hpp"
#include "object_store/s3_multipart.hpp"

namespace ostler::object_store {
namespace {

constexpr std::uint64_t kMostParts = 10'000;

class S3Store final : public ObjectStore {
 public:
  S3Store(S3Settings settings, const StoreOptions& options, const Clock& clock)
      : options_(options), client_(std::move(settings), options, clock) {}

  Result<void> prepare(net::BlockingHttpClient& client) const override {
    return client_.prepare(client);
  }

  std::string url_of(const std::string& path) const override {
    const S3Settings& settings = client_.settings();
    const std::string base = settings.access_url.empty()
                                 ? "https://" + settings.location.bucket + ".s3.amazonaws.com"
                                 : settings.access_url;
    return base + "/" + url_path(settings.location.object_of(path));
  }

  Result<void> put(net::BlockingHttpClient& client, const OutgoingFile& file) const override {
    S3Call call{.method = "PUT",
                .object = client_.settings().location.object_of(file.path),
                .headers = headers_of(file)};
    if (file.size > options_.part_size) {
      const S3Multipart multipart{client_, client, options_.upload};
      return multipart.put(std::move(call), file,
                           split_evenly(file.size, options_.part_size, kMostParts));
    }
    call.body = net::FileBody{file.file, 0, file.size};
    call.body_sha256 = file.sha256;
    OSTLER_TRY(client_.send(client, call, options_.upload));
    return success();
  }

  Result<void> get(net::BlockingHttpClient& client, const std::string& path,
                   const std::filesystem::path& target) const override {
    const S3Call call{.method = "GET",
                      .object = client_.settings().location.object_of(path),
                      .download_to = target};
    OSTLER_TRY(client_.send(client, call, options_.download));
    return success();
  }

 private:
  net::HttpHeaders headers_of(const OutgoingFile& file) const {
    net::HttpHeaders headers{{"Content-Type", file.content_type},
                             {"x-amz-acl", client_.settings().acl}};
    if (client_.settings().is_encrypted) {
      headers.emplace_back("x-amz-server-side-encryption", "AES256");
    }
    return headers;
  }

  const StoreOptions options_;
  const S3Client client_;
};

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_s3_store(const std::string& destination,
                                                   const StoreOptions& options) {
  OSTLER_TRY(auto settings, read_s3_settings(destination, options.variables));
  return std::make_unique<S3Store>(std::move(settings), options, clock_of(options));
}

}  // namespace ostler::object_store
