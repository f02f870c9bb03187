// SPDX-License-Identifier: Apache-2.0
#include "git/remote_connection.hpp"

#include <git2.h>

#include "git/certificate_authorities.hpp"
#include "git/remote_url.hpp"
#include "git/ssh_transport.hpp"

namespace ostler::git {
namespace {

struct Progress {
  Watcher& watcher;
  SshTransport ssh{watcher};
  std::size_t updated_references = 0;
};

Progress& progress_of(void* payload) { return *static_cast<Progress*>(payload); }

int on_text(const char* text, int size, void* payload) {
  Watcher& watcher = progress_of(payload).watcher;
  watcher.on_remote_text({text, static_cast<std::size_t>(size)});
  return watcher.keep_going() ? 0 : GIT_EUSER;
}

int on_transfer(const git_indexer_progress* now, void* payload) {
  Watcher& watcher = progress_of(payload).watcher;
  watcher.on_transfer({now->received_objects, now->total_objects, now->indexed_deltas,
                       now->total_deltas, now->received_bytes});
  return watcher.keep_going() ? 0 : GIT_EUSER;
}

int on_update(const char*, const git_oid*, const git_oid*, void* payload) {
  ++progress_of(payload).updated_references;
  return progress_of(payload).watcher.keep_going() ? 0 : GIT_EUSER;
}

int on_ssh(git_transport** out, git_remote* remote, void* payload) {
  return make_ssh_transport(out, remote, progress_of(payload).ssh);
}

/// Shows credentials to the server from the first request on: libgit2 1.5 takes the body of an
/// answer 401 for the beginning of the next answer. The header would follow a redirect to whatever
/// host, so only one within the host is followed.
class AuthorizationHeader {
 public:
  explicit AuthorizationHeader(const std::string& value) {
    if (value.empty()) return;
    header_ = "Authorization: " + value;
    headers_[0] = header_.data();
  }

  void add_to(git_fetch_options& options) {
    if (header_.empty()) return;
    options.custom_headers = {headers_, 1};
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  }

 private:
  std::string header_;
  char* headers_[1] = {};
};

}  // namespace

struct RemoteConnection::State {
  State(const std::string& header, RemoteKind kind, Watcher& watcher)
      : progress{watcher}, authorization(header) {
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks.sideband_progress = on_text;
    options.callbacks.transfer_progress = on_transfer;
    options.callbacks.update_tips = on_update;
    if (kind == RemoteKind::Ssh) options.callbacks.transport = on_ssh;
    options.callbacks.payload = &progress;
    options.prune = GIT_FETCH_NO_PRUNE;
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    authorization.add_to(options);
  }

  int connect() {
    git_remote_connect_options connection;
    git_remote_connect_options_init(&connection, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    connection.callbacks = options.callbacks;
    connection.proxy_opts = options.proxy_opts;
    connection.follow_redirects = options.follow_redirects;
    connection.custom_headers = options.custom_headers;
    return git_remote_connect_ext(remote.get(), GIT_DIRECTION_FETCH, &connection);
  }

  // Why a call of libgit2 that returned `code` failed. The transport's own reason comes first.
  Result<void> outcome_of(int code, std::string_view what) const {
    if (!progress.watcher.keep_going()) return Error(Errc::Cancelled, "fetch stopped");
    if (code == 0) return success();
    if (progress.ssh.failure) return *progress.ssh.failure;
    return native_error(code, what);
  }

  Progress progress;
  AuthorizationHeader authorization;
  git_fetch_options options{};
  RemoteHandle remote;  // closes its connection through what stands above
};

RemoteConnection::RemoteConnection(std::unique_ptr<State> state) : state_(std::move(state)) {}
RemoteConnection::RemoteConnection(RemoteConnection&&) noexcept = default;
RemoteConnection::~RemoteConnection() = default;

Result<RemoteConnection> RemoteConnection::open(git_repository* repository, const std::string& url,
                                                const std::string& authorization,
                                                Watcher& watcher) {
  const RemoteKind kind = remote_kind(url);
  if (kind == RemoteKind::Http) trust_named_authorities();
  auto state = std::make_unique<State>(authorization, kind, watcher);
  const std::string plain = without_credentials(url);
  int code = git_remote_create_anonymous(Out(state->remote), repository, plain.c_str());
  if (code == 0) code = git_remote_set_instance_url(state->remote.get(), plain.c_str());
  if (code != 0) return native_error(code, "read the address");
  OSTLER_TRY(state->outcome_of(state->connect(), "connect"));
  return RemoteConnection(std::move(state));
}

git_remote* RemoteConnection::native() const { return state_->remote.get(); }

Result<void> RemoteConnection::download(const std::vector<std::string>& refspecs) {
  std::vector<char*> specs;
  for (const std::string& spec : refspecs) specs.push_back(const_cast<char*>(spec.c_str()));
  const git_strarray list{specs.data(), specs.size()};
  const int code = git_remote_fetch(native(), &list, &state_->options, "fetch");
  return state_->outcome_of(code, "fetch");
}

std::size_t RemoteConnection::updated_references() const {
  return state_->progress.updated_references;
}

Result<std::string> effective_address(git_repository* repository, const std::string& url) {
  RemoteHandle remote;
  const int code = git_remote_create_anonymous(Out(remote), repository, url.c_str());
  if (code != 0) return native_error(code, "read the address");
  return std::string(git_remote_url(remote.get()));
}

}  // namespace ostler::git
