// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_transport.hpp"

#include <git2.h>
#include <git2/sys/transport.h>

#include <memory>

#include "git/ssh_connection.hpp"

namespace ostler::git {
namespace {

// libgit2 asks for a stream twice, for the references and for the pack: both are one connection.
struct Subtransport : git_smart_subtransport {
  struct Stream : git_smart_subtransport_stream {
    Subtransport* owner = nullptr;
  };

  explicit Subtransport(SshTransport& ssh_) : git_smart_subtransport{}, ssh(ssh_) {
    stream.subtransport = this;
    stream.owner = this;
  }

  SshTransport& ssh;
  Stream stream{};
  std::unique_ptr<SshConnection> connection;
};

Subtransport& owner_of(git_smart_subtransport_stream* stream) {
  return *static_cast<Subtransport::Stream*>(stream)->owner;
}

int fail(Subtransport& subtransport, Error error) {
  git_error_set_str(GIT_ERROR_SSH, error.message().c_str());
  const int code = error.code() == Errc::Cancelled ? GIT_EUSER : GIT_ERROR;
  // The first says why; libgit2 still says farewell to a connection that is gone.
  if (!subtransport.ssh.failure) subtransport.ssh.failure = std::move(error);
  return code;
}

int on_read(git_smart_subtransport_stream* stream, char* buffer, std::size_t size,
            std::size_t* read) {
  Subtransport& subtransport = owner_of(stream);
  auto came = subtransport.connection->read({buffer, size});
  *read = came ? came.value() : 0;
  return came ? 0 : fail(subtransport, std::move(came).error());
}

int on_write(git_smart_subtransport_stream* stream, const char* bytes, std::size_t size) {
  Subtransport& subtransport = owner_of(stream);
  auto written = subtransport.connection->write({bytes, size});
  return written ? 0 : fail(subtransport, std::move(written).error());
}

int on_action(git_smart_subtransport_stream** out, git_smart_subtransport* transport,
              const char* url, git_smart_service_t action) {
  auto& subtransport = *static_cast<Subtransport*>(transport);
  if (action == GIT_SERVICE_UPLOADPACK_LS) {
    auto opened = SshConnection::open(url, subtransport.ssh.watcher);
    if (!opened) return fail(subtransport, std::move(opened).error());
    subtransport.connection = std::move(opened).value();
  }
  if (!subtransport.connection) {
    return fail(subtransport, Error(Errc::Internal, "ssh is for fetching only"));
  }
  *out = &subtransport.stream;
  return 0;
}

int on_close(git_smart_subtransport* transport) {
  static_cast<Subtransport*>(transport)->connection.reset();
  return 0;
}

int make_subtransport(git_smart_subtransport** out, git_transport*, void* payload) {
  auto made = std::make_unique<Subtransport>(*static_cast<SshTransport*>(payload));
  made->action = on_action;
  made->close = on_close;
  made->free = [](git_smart_subtransport* transport) {
    delete static_cast<Subtransport*>(transport);
  };
  made->stream.read = on_read;
  made->stream.write = on_write;
  made->stream.free = [](git_smart_subtransport_stream*) {};
  *out = made.release();
  return 0;
}

}  // namespace

int make_ssh_transport(git_transport** out, git_remote* remote, SshTransport& ssh) {
  git_smart_subtransport_definition definition{make_subtransport, 0, &ssh};
  return git_transport_smart(out, remote, &definition);
}

}  // namespace ostler::git
