// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_multipart.hpp"

#include "crypto/digest.hpp"
#include "object_store/xml_text.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::object_store {
namespace {

std::string part_element(std::size_t number, const std::string& etag) {
  return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + xml_escaped(etag) +
         "</ETag></Part>";
}

}  // namespace

Result<void> S3Multipart::put(S3Call call, const OutgoingFile& file,
                              const std::vector<FilePart>& parts) const {
  S3Call whole{.method = {}, .object = call.object};
  OSTLER_TRY(const std::string id, begin(std::move(call)));
  whole.query = "uploadId=" + wire::percent_encode(id);
  auto list = put_parts(whole, file, parts);
  auto done = list ? complete(whole, list.value()) : Result<void>(std::move(list).error());
  if (!done) abandon(whole);
  return done;
}

Result<std::string> S3Multipart::begin(S3Call call) const {
  const std::string name = s3_.settings().name_of(call.object);
  call.method = "POST";
  call.query = "uploads=";
  OSTLER_TRY(const auto answer, s3_.send(client_, call, policy_));
  std::string id = xml_text(answer.body, "UploadId");
  if (!id.empty()) return id;
  return Error(Errc::Protocol, name + ": the store began an upload in parts without an UploadId");
}

// The answer's ETag.
Result<std::string> S3Multipart::put_part(const S3Call& whole, const net::FileBody& part,
                                          const std::string& query) const {
  OSTLER_TRY(auto digest, digest_part(part, crypto::Algorithm::Sha256));
  const S3Call call{.method = "PUT",
                    .object = whole.object,
                    .query = query,
                    .body = part,
                    .body_sha256 = digest.finish_hex()};
  OSTLER_TRY(const auto answer, s3_.send(client_, call, policy_));
  const std::string_view etag = answer.header("ETag");
  if (!etag.empty()) return std::string(etag);
  return Error(Errc::Protocol, s3_.settings().name_of(whole.object) +
                                   ": the store answered a part without an ETag");
}

// The list of the parts, as completing the upload wants it.
Result<std::string> S3Multipart::put_parts(const S3Call& whole, const OutgoingFile& file,
                                           const std::vector<FilePart>& parts) const {
  std::string list;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    OSTLER_TRY(const std::string etag,
               put_part(whole, {file.file, parts[i].offset, parts[i].size},
                        "partNumber=" + std::to_string(i + 1) + "&" + whole.query));
    list += part_element(i + 1, etag);
  }
  return list;
}

Result<void> S3Multipart::complete(S3Call whole, const std::string& list) const {
  std::string body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
                     list + "</CompleteMultipartUpload>";
  whole.method = "POST";
  whole.headers = {{"Content-Type", "application/xml"}};
  whole.body_sha256 = crypto::sha256_hex(body);
  whole.body = std::move(body);
  OSTLER_TRY(s3_.send(client_, whole, policy_));
  return success();
}

// A failure here changes nothing: the upload has failed, and the bucket's rules remove the rest.
void S3Multipart::abandon(S3Call whole) const {
  whole.method = "DELETE";
  if (!s3_.send(client_, whole, {})) return;
}

}  // namespace ostler::object_store
