// SPDX-License-Identifier: Apache-2.0
#include "hub/blob_api.hpp"

#include <memory>
#include <utility>

#include "hub/error_response.hpp"

namespace ostler::hub {
namespace {

/// Bytes that go to a blocking thread at a time.
constexpr std::size_t kWritePiece = 1u << 20;
constexpr std::size_t kReadPiece = 128u << 10;

/// A file name that can stand between quotes in a header.
std::string quotable_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (char& letter : name) {
    if (letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < 0x20) letter = '_';
  }
  return name;
}

}  // namespace

boost::asio::awaitable<net::ServerResponse> BlobApi::handle(net::ServerRequest& request) {
  auto response = co_await serve(request);
  if (response) co_return std::move(response).value();
  co_return error_response(request, response.error());
}

BlobApi::Answer BlobApi::serve(net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  const bool is_batch = segments.size() == 3 && segments[1] == "batches";
  const auto id =
      is_batch || segments.size() == 2 ? ArtifactId::parse(segments.back()) : std::nullopt;
  if (id && request.method == "POST") {
    co_return is_batch ? co_await upload_of_batch(request, *id) : co_await upload(request, *id);
  }
  if (id && !is_batch && (request.method == "GET" || request.method == "HEAD")) {
    co_return co_await download(request, *id);
  }
  co_return Error(Errc::NotFound, "nothing is here");
}

Result<void> BlobApi::check_signature(const net::ServerRequest& request, ArtifactId id,
                                      ArtifactLinks::Use use) const {
  const std::string expires = request.parameter("expires").value_or("");
  const std::string signature = request.parameter("signature").value_or("");
  if (links_.permits(id, use, expires, signature, clock_.now())) return success();
  return Error(Errc::Denied, "this address has expired or was not made by this hub");
}

BlobApi::Answer BlobApi::upload(net::ServerRequest& request, ArtifactId id) {
  OSTLER_CO_TRY(check_signature(request, id, ArtifactLinks::Use::Upload));
  OSTLER_CO_TRY(auto artifact, co_await store_.artifact(id));
  if (artifact.state != model::ArtifactState::New) {
    co_return Error(Errc::Conflict, "this artifact is uploaded already");
  }
  OSTLER_CO_TRY(auto file, UploadedFile::begin(request.header("Content-Type"), {artifact},
                                               UploadedFile::Naming::Known));
  co_return co_await keep(request, std::move(file));
}

BlobApi::Answer BlobApi::upload_of_batch(net::ServerRequest& request, ArtifactId first) {
  OSTLER_CO_TRY(check_signature(request, first, ArtifactLinks::Use::UploadBatch));
  OSTLER_CO_TRY(auto batch, co_await store_.artifacts_of_batch(first));
  OSTLER_CO_TRY(auto file, UploadedFile::begin(request.header("Content-Type"), std::move(batch),
                                               UploadedFile::Naming::ByPath));
  co_return co_await keep(request, std::move(file));
}

BlobApi::Answer BlobApi::keep(net::ServerRequest& request, UploadedFile file) {
  std::unique_ptr<store::BlobUpload> blob;
  OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
    OSTLER_TRY(blob, blobs_.create());
    return success();
  }));
  OSTLER_CO_TRY(co_await receive(request, file, *blob));
  OSTLER_CO_TRY(const auto artifacts, file.identify());
  OSTLER_CO_TRY(co_await blocking_.run([&] { return put(*blob, artifacts); }));
  co_return net::ServerResponse{.status = 204};
}

boost::asio::awaitable<Result<void>> BlobApi::receive(net::ServerRequest& request,
                                                      UploadedFile& upload,
                                                      store::BlobUpload& blob) {
  std::string piece(kReadPiece, '\0');
  std::string file;
  for (bool ended = false; !ended;) {
    OSTLER_CO_TRY(const std::size_t got, co_await request.body->read_some(piece));
    ended = got == 0;
    OSTLER_CO_TRY(upload.feed(std::string_view(piece).substr(0, got), file));
    if (file.size() < kWritePiece && !ended) continue;
    OSTLER_CO_TRY(co_await blocking_.run([&] {
      upload.add(file);
      return blob.write(file);
    }));
    file.clear();
  }
  co_return success();
}

// Equal artifacts of one batch get a file each, whichever upload comes first. Runs on: a thread
// that may block.
Result<void> BlobApi::put(store::BlobUpload& blob, const std::vector<model::Artifact>& artifacts) {
  if (artifacts.size() == 1) return blob.finish(store::BlobName::of(artifacts.front().id));
  const std::lock_guard lock(equals_);
  for (const model::Artifact& artifact : artifacts) {
    const auto name = store::BlobName::of(artifact.id);
    if (!blobs_.open(name)) return blob.finish(name);
  }
  return blob.finish(store::BlobName::of(artifacts.front().id));
}

BlobApi::Answer BlobApi::download(net::ServerRequest& request, ArtifactId id) {
  OSTLER_CO_TRY(check_signature(request, id, ArtifactLinks::Use::Download));
  OSTLER_CO_TRY(const auto artifact, co_await store_.artifact(id));
  store::BlobFile file;
  OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
    OSTLER_TRY(file, blobs_.open(store::BlobName::of(id)));
    return success();
  }));
  net::ServerResponse response;
  // Never shown by a browser as a page of ours: what a job made is not to be trusted.
  response.headers = {
      {"Content-Type", "application/octet-stream"},
      {"Content-Disposition", "attachment; filename=\"" + quotable_name(artifact.path) + "\""},
      {"Content-Security-Policy", "sandbox"},
      {"X-Content-Type-Options", "nosniff"}};
  response.body = net::FileRegion{std::move(file.fd), 0, static_cast<std::uint64_t>(file.size)};
  co_return response;
}

}  // namespace ostler::hub
