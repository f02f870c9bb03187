// SPDX-License-Identifier: Apache-2.0
#include "support/fake_s3.hpp"

#include "support/aws_signature_check.hpp"

namespace ostler::support {
namespace {

ServerReply refused(int status, const std::string& code) {
  return {status,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code +
              "</Code><Message>fake &quot;" + code +
              "&quot;</Message><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>",
          {{"x-amz-bucket-region", FakeS3::kRegion}}};
}

std::string etag_of(const std::string& content) {
  return "\"" + std::to_string(std::hash<std::string>()(content)) + "\"";
}

}  // namespace

FakeS3::FakeS3()
    : server_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return answer(request);
      }) {}

void FakeS3::set_faults(const Faults& faults) {
  with([&](State& s) { s.faults = faults; });
}
void FakeS3::want_token(const std::string& token) {
  with([&](State& s) { s.token = token; });
}
std::map<std::string, FakeS3::Object> FakeS3::objects() {
  return with([](State& s) { return s.objects; });
}
void FakeS3::put(const std::string& key, const std::string& content) {
  with([&](State& s) { s.objects[key].content = content; });
}
std::size_t FakeS3::open_uploads() {
  return with([](State& s) { return s.uploads.size(); });
}
std::vector<std::string> FakeS3::calls() {
  return with([](State& s) { return s.calls; });
}

ServerAnswer FakeS3::answer(const ServerRequest& request) {
  return with([&](State& state) -> ServerAnswer {
    state.calls.push_back(request.method + " " + request.target);
    const std::string path = percent_decoded(request.target.substr(0, request.target.find('?')));
    const std::string bucket = std::string("/") + kBucket;
    if (!path.starts_with(bucket)) return refused(404, "NoSuchBucket");
    if (request.method == "HEAD" && path == bucket) {
      return ServerReply{403, "", {{"x-amz-bucket-region", kRegion}}};
    }
    if (state.faults.reset-- > 0) return ResetReply();
    if (state.faults.busy-- > 0) return refused(503, "SlowDown");
    const std::string fault = AwsSignatureCheck{kKey, kSecret, state.token, kRegion}.fault(request);
    if (fault == "AuthorizationHeaderMalformed" || fault == "XAmzContentSHA256Mismatch") {
      return refused(400, fault);
    }
    if (!fault.empty()) return refused(403, fault);
    if (!state.faults.refuse_with.empty()) return refused(403, state.faults.refuse_with);
    const std::string key = path.substr(bucket.size() + 1);
    if (request.method == "GET") return serve(state, key);
    if (auto query = query_of(request.target); !query.empty()) {
      return upload(state, request, key, std::move(query));
    }
    return request.method == "PUT" ? take(state, request, key) : refused(405, "MethodNotAllowed");
  });
}

ServerAnswer FakeS3::take(State& state, const ServerRequest& request, const std::string& key) {
  if (state.faults.no_acls && request.headers.contains("x-amz-acl") &&
      request.headers.at("x-amz-acl") != "bucket-owner-full-control") {
    return refused(400, "AccessControlListNotSupported");
  }
  state.objects[key] = {request.body, request.headers, 0};
  return ServerReply{200, "", {{"ETag", etag_of(request.body)}}};
}

ServerAnswer FakeS3::serve(State& state, const std::string& key) {
  const auto at = state.objects.find(key);
  if (at == state.objects.end()) return refused(404, "NoSuchKey");
  const std::string& content = at->second.content;
  if (state.faults.cut_bodies-- > 0) {
    return RawReply{"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(content.size()) +
                    "\r\n\r\n" + content.substr(0, content.size() / 2)};
  }
  return ServerReply{200, content, {}};
}

ServerAnswer FakeS3::upload(State& state, const ServerRequest& request, const std::string& key,
                            std::map<std::string, std::string> query) {
  if (query.contains("uploads")) {
    const std::string id = "id/" + std::to_string(++state.last_upload) + "+&=";
    state.uploads[id] = {key, request.headers, {}};
    return ServerReply{200,
                       "<InitiateMultipartUploadResult><UploadId>id/" +
                           std::to_string(state.last_upload) +
                           "+&amp;=</UploadId></InitiateMultipartUploadResult>",
                       {}};
  }
  const std::string id = query["uploadId"];
  const auto found = state.uploads.find(id);
  if (found == state.uploads.end() || found->second.key != key) return refused(404, "NoSuchUpload");
  if (request.method == "PUT") {
    return take_part(state, found->second, std::stoi(query["partNumber"]), request.body);
  }
  if (request.method == "POST") return complete(state, id, request.body);
  state.uploads.erase(found);
  return ServerReply{204, "", {}};
}

ServerAnswer FakeS3::take_part(State& state, Upload& upload, int number, const std::string& body) {
  if (number == state.faults.refuse_part) return refused(403, "AccessDenied");
  upload.parts[number] = body;
  return ServerReply{200, "", {{"ETag", etag_of(body)}}};
}

ServerAnswer FakeS3::complete(State& state, const std::string& id, const std::string& list) {
  if (state.faults.failed_completes-- > 0) {
    ServerReply reply = refused(200, "InternalError");
    return reply;
  }
  const Upload upload = state.uploads.at(id);
  Object object{"", upload.headers, static_cast<int>(upload.parts.size())};
  std::string expected;
  for (const auto& [number, part] : upload.parts) {
    object.content += part;
    expected += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" +
                etag_of(part) + "</ETag></Part>";
  }
  if (list.find(">" + expected + "</Complete") == std::string::npos) {
    return refused(400, "InvalidPart");
  }
  state.uploads.erase(id);
  state.objects[upload.key] = std::move(object);
  return ServerReply{200, "<CompleteMultipartUploadResult/>", {}};
}

}  // namespace ostler::support
