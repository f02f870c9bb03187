// SPDX-License-Identifier: Apache-2.0
#include "support/fake_file_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "support/aws_signature_check.hpp"

namespace ostler::support {

FakeFileServer::FakeFileServer(Guard guard)
    : guard_(std::move(guard)),
      server_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return answer(request);
      }) {}

std::map<std::string, FakeFileServer::File> FakeFileServer::files() {
  const std::lock_guard lock(mutex_);
  return state_.files;
}
std::vector<std::string> FakeFileServer::calls() {
  const std::lock_guard lock(mutex_);
  return state_.calls;
}
void FakeFileServer::be_busy(int times) {
  const std::lock_guard lock(mutex_);
  state_.busy = times;
}
void FakeFileServer::cut_bodies(int times) {
  const std::lock_guard lock(mutex_);
  state_.cut = times;
}
void FakeFileServer::redirect_to(const std::string& url) {
  const std::lock_guard lock(mutex_);
  state_.elsewhere = url;
}

ServerAnswer FakeFileServer::answer(const ServerRequest& request) {
  const std::lock_guard lock(mutex_);
  state_.calls.push_back(request.method + " " + request.target);
  if (state_.busy-- > 0) return ServerReply{503, "", {}};
  ServerReply let_in = guard_(request);
  if (let_in.status != 200) return let_in;
  if (!let_in.body.empty()) return let_in;
  const std::string path = percent_decoded(request.target.substr(0, request.target.find('?')));
  if (request.method == "GET") return serve(path, request.target);
  state_.files[path] = {request.body, request.headers};
  return ServerReply{201, "", {}};
}

ServerAnswer FakeFileServer::serve(const std::string& path, const std::string& target) {
  if (!state_.elsewhere.empty()) {
    return ServerReply{302, "", {{"Location", state_.elsewhere + target}}};
  }
  const auto at = state_.files.find(path);
  if (at == state_.files.end()) return ServerReply{404, "", {}};
  const std::string& content = at->second.content;
  if (state_.cut-- > 0) {
    return RawReply{"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(content.size()) +
                    "\r\n\r\n" + content.substr(0, content.size() / 2)};
  }
  return ServerReply{200, content, {}};
}

std::string digest_of(const std::string& text, const char* algorithm) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_get_digestbyname(algorithm), nullptr);
  return std::string(reinterpret_cast<char*>(digest), size);
}

bool is_rs256(const std::string& text, const std::string& signature, const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
  const bool fits =
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(bio);
  return fits;
}

std::string base64_decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  std::size_t padding = 0;
  while (text.ends_with('=')) text.pop_back();
  while (text.size() % 4 != 0) {
    text += '=';
    ++padding;
  }
  std::string bytes(text.size() / 4 * 3, 0);
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace ostler::support
