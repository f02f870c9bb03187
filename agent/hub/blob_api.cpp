// SPDX-License-Identifier: Apache-2.0
#include "hub/blob_api.hpp"

#include <array>
#include <memory>
#include <utility>

#include "crypto/digest.hpp"
#include "hub/error_response.hpp"
#include "hub/form_parser.hpp"

namespace ostler::hub {
namespace {

/// Bytes that go to a blocking thread at a time.
constexpr std::size_t kWritePiece = 1u << 20;
constexpr std::size_t kReadPiece = 128u << 10;

Error too_large(const model::Artifact& artifact) {
  return Error(Errc::UserFault, "the file is larger than the " +
                                    std::to_string(artifact.file_size) +
                                    " bytes that were declared")
      .with_native(413);
}

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
  const auto id = segments.size() == 2 ? ArtifactId::parse(segments[1]) : std::nullopt;
  if (id && request.method == "POST") co_return co_await upload(request, *id);
  if (id && (request.method == "GET" || request.method == "HEAD")) {
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
  OSTLER_CO_TRY(const auto artifact, co_await store_.artifact(id));
  if (artifact.state != model::ArtifactState::New) {
    co_return Error(Errc::Conflict, "this artifact is uploaded already");
  }
  std::unique_ptr<store::BlobUpload> blob;
  OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
    OSTLER_TRY(blob, blobs_.create(store::BlobName::of(id)));
    return success();
  }));
  OSTLER_CO_TRY(co_await receive(request, artifact, *blob));
  OSTLER_CO_TRY(co_await blocking_.run([&] { return blob->finish(); }));
  co_return net::ServerResponse{.status = 204};
}

boost::asio::awaitable<Result<void>> BlobApi::receive(net::ServerRequest& request,
                                                      const model::Artifact& artifact,
                                                      store::BlobUpload& upload) {
  OSTLER_CO_TRY(auto boundary, FormParser::boundary_in(request.header("Content-Type")));
  FormParser parser(std::move(boundary), "file");
  crypto::Digest digest(crypto::Algorithm::Sha256);
  std::int64_t size = 0;
  std::string piece(kReadPiece, '\0');
  std::string file;
  for (bool ended = false; !ended;) {
    OSTLER_CO_TRY(const std::size_t got, co_await request.body->read_some(piece));
    ended = got == 0;
    OSTLER_CO_TRY(parser.feed(std::string_view(piece).substr(0, got), file));
    if (size + static_cast<std::int64_t>(file.size()) > artifact.file_size) {
      co_return too_large(artifact);
    }
    if (file.size() < kWritePiece && !ended) continue;
    size += static_cast<std::int64_t>(file.size());
    OSTLER_CO_TRY(co_await blocking_.run([&] {
      digest.update(file);
      return upload.write(file);
    }));
    file.clear();
  }
  if (!parser.is_complete() || size != artifact.file_size ||
      (!artifact.sha256sum.empty() && digest.finish_hex() != artifact.sha256sum)) {
    co_return Error(Errc::UserFault, "the file is not the one that was declared");
  }
  co_return success();
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
