// SPDX-License-Identifier: Apache-2.0
#include "support/git_http_server.hpp"

#include <charconv>
#include <fstream>

#include "base/base64.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

// A CGI program's answer: headers, an empty line, the body.
ServerReply reply_of(const std::string& output) {
  ServerReply reply;
  std::size_t at = 0;
  for (std::size_t end = 0; (end = output.find("\r\n", at)) != at && end != std::string::npos;
       at = end + 2) {
    const std::string line = output.substr(at, end - at);
    const std::string name = line.substr(0, line.find(": "));
    const std::string value = line.substr(name.size() + 2);
    if (name == "Status") {
      std::from_chars(value.data(), value.data() + value.size(), reply.status);
    } else {
      reply.headers[name] = value;
    }
  }
  reply.body = output.substr(at + 2);
  return reply;
}

std::string header(const ServerRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

}  // namespace

GitHttpServer::GitHttpServer(std::filesystem::path root)
    : root_(std::move(root)),
      server_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return answer(request);
      }) {}

std::string GitHttpServer::url(const std::string& repository,
                               const std::string& credentials) const {
  const std::string host = server_.url().substr(std::string_view("http://").size());
  return "http://" + (credentials.empty() ? "" : credentials + "@") + host + "/" + repository;
}

void GitHttpServer::protect(const std::string& credentials) {
  authorization_ = "Basic " + base64(credentials);
}

void GitHttpServer::redirect_to(const GitHttpServer& other) {
  const std::string url = other.url("");
  redirect_ = "http://localhost" + url.substr(url.rfind(':'));
}

ServerAnswer GitHttpServer::answer(const ServerRequest& request) {
  ++requests_;
  if (silent_) return SilentReply{};
  if (failures_ > 0) {
    --failures_;
    return ServerReply{503, "busy", {}};
  }
  if (!redirect_.empty()) {
    return ServerReply{302, "", {{"Location", redirect_ + request.target.substr(1)}}};
  }
  if (!authorization_.empty() && header(request, "authorization") != authorization_) {
    return ServerReply{401, "who are you", {{"WWW-Authenticate", "Basic realm=\"git\""}}};
  }
  return run_backend(request);
}

ServerAnswer GitHttpServer::run_backend(const ServerRequest& request) {
  const std::size_t query = request.target.find('?');
  const std::string path = request.target.substr(0, query);
  if (path.ends_with("/git-upload-pack")) ++downloads_;
  const TempDirectory directory;
  std::ofstream(directory / "body") << request.body;
  ProgramOptions options;
  options.environment = {
      {"GIT_PROJECT_ROOT", root_.string()},
      {"GIT_HTTP_EXPORT_ALL", "1"},
      {"PATH_INFO", path},
      {"QUERY_STRING", query == std::string::npos ? "" : request.target.substr(query + 1)},
      {"REQUEST_METHOD", request.method},
      {"CONTENT_TYPE", header(request, "content-type")},
      {"HTTP_CONTENT_ENCODING", header(request, "content-encoding")},
      {"GIT_CONFIG_COUNT", "1"},
      {"GIT_CONFIG_KEY_0", "safe.directory"},
      {"GIT_CONFIG_VALUE_0", "*"}};
  return reply_of(
      run_program({"sh", "-c", "exec git http-backend < \"$0\"", (directory / "body").string()},
                  options)
          .out);
}

}  // namespace ostler::support
