// SPDX-License-Identifier: Apache-2.0
// Files that step plugins send as bodies of requests: real keepers, workers, boxes and servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>

#include "integration/worker/plugin_jobs.hpp"
#include "support/scripted_server.hpp"

namespace ostler::worker {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using support::ScriptedServer;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kMebibyte = 1u << 20;

std::string five_mebibytes() {
  std::string bytes(5 * kMebibyte, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

/// The zoo in jobs whose workspace it may read; "@" in a script stands for the server.
class PluginFiles : public PluginJobs {
 protected:
  void permit_host(const std::string& host) {
    permit(R"({"workspace": "read", "http": [")" + host + R"(", "hub:"]})");
  }
  std::unique_ptr<DrivenJob> begin(const std::string& server, std::string script) {
    for (std::size_t at = script.find('@'); at != script.npos; at = script.find('@')) {
      script.replace(at, 1, server);
    }
    auto driven = calls(script);
    fs::create_directories(driven->directory());
    return driven;
  }
};

class PluginHttpFile : public PluginFiles {
 protected:
  PluginHttpFile() { permit_host("127.0.0.1:" + std::to_string(server_.port())); }

  std::string said_by(const std::string& script) {
    const auto driven = begin(server_.url(), script);
    prepare(*driven);
    return told_in(driven->finish());
  }

  std::function<void(const DrivenJob&)> prepare = [](const DrivenJob&) {};
  std::mutex mutex_;
  std::vector<ServerRequest> seen_;
  ScriptedServer server_{[this](ServerRequest request) -> asio::awaitable<ServerAnswer> {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    if (request.target == "/307") co_return ServerReply{307, "", {{"Location", "/end"}}};
    if (request.target == "/303") co_return ServerReply{303, "", {{"Location", "/end"}}};
    co_return ServerReply{201, "taken"};
  }};
};

TEST_F(PluginHttpFile, IsSentWholeByPostAndPut) {
  const std::string bytes = five_mebibytes();
  prepare = [&](const DrivenJob& job) {
    fs::create_directory(job.directory() / "dist");
    std::ofstream(job.directory() / "dist/app.tar", std::ios::binary) << bytes;
  };
  EXPECT_THAT(said_by(R"(ostler.http/1/send|POST|@/post|X-A: b||0|9000|dist/app.tar\n)"
                      R"(ostler.http/1/read|=\n)"
                      "ostler.http/1/send|PUT|@/put|Content-Type: text/x||9000|0|./dist/app.tar"),
              testing::AllOf(StartsWith("0 201 "), HasSubstr("; 0 taken; 0 201 ")));
  ASSERT_EQ(seen_.size(), 2u);
  for (ServerRequest& request : seen_) {
    EXPECT_TRUE(request.body == bytes) << request.method << " " << request.body.size();
    EXPECT_EQ(request.headers["content-length"], std::to_string(bytes.size()));
    EXPECT_FALSE(request.headers.contains("expect"));
  }
  EXPECT_EQ(seen_[0].method + seen_[0].target, "POST/post");
  EXPECT_EQ(seen_[0].headers["x-a"], "b");
  EXPECT_FALSE(seen_[0].headers.contains("content-type"));
  EXPECT_EQ(seen_[1].method + seen_[1].target, "PUT/put");
  EXPECT_EQ(seen_[1].headers["content-type"], "text/x");
}

TEST_F(PluginHttpFile, MayBeEmptyAndIsNoneWhereNothingIsNamed) {
  prepare = [](const DrivenJob& job) { std::ofstream(job.directory() / "empty") << ""; };
  said_by(R"(ostler.http/1/send|PUT|@/|||0|0|empty\nostler.http/1/send|PUT|@/||text|0|0|#0#x)");
  ASSERT_EQ(seen_.size(), 2u);
  EXPECT_EQ(seen_[0].headers["content-length"], "0");
  EXPECT_EQ(seen_[1].body, "text");
}

TEST_F(PluginHttpFile, GoesAlongWithARedirectThatKeepsTheBody) {
  prepare = [](const DrivenJob& job) { std::ofstream(job.directory() / "a") << "content"; };
  said_by(R"(ostler.http/1/send|POST|@/307|||0|0|a\nostler.http/1/send|POST|@/303|||0|0|a)");
  ASSERT_EQ(seen_.size(), 4u);
  EXPECT_EQ(seen_[1].method + seen_[1].target + seen_[1].body, "POST/endcontent");
  EXPECT_EQ(seen_[3].method + seen_[3].target + seen_[3].body, "GET/end");
}

TEST_F(PluginHttpFile, IsRefusedByNameWhereItIsNoneOfThePlugin) {
  std::string workspace;
  prepare = [&](const DrivenJob& job) {
    workspace = job.directory();
    fs::create_directory(job.directory() / "folder");
    fs::create_symlink("/etc/passwd", job.directory() / "link");
    fs::create_symlink("../secret", job.directory() / "upward");
    std::ofstream(job.directory().parent_path() / "secret") << "hidden";
    ASSERT_EQ(::mkfifo((job.directory() / "fifo").c_str(), 0600), 0);
    std::ofstream(job.directory() / "large") << "";
    fs::resize_file(job.directory() / "large", (std::uint64_t{5} << 30) + 1);
  };
  const auto said_of = [this](const std::string& file, const std::string& call = "PUT|@/||") {
    return said_by("ostler.http/1/send|" + call + "|0|0|" + file);
  };
  EXPECT_THAT(said_of("none"), testing::AllOf(StartsWith("3 "), HasSubstr("/none")));
  EXPECT_THAT(said_of("folder"), StartsWith("7 folder is no regular file"));
  EXPECT_THAT(said_of("fifo"), StartsWith("7 fifo is no regular file"));
  EXPECT_THAT(said_of("link"), StartsWith("7 link leads out of "));
  EXPECT_THAT(said_of("upward"), StartsWith("7 upward leads out of "));
  EXPECT_THAT(said_of("../secret"), StartsWith("7 ../secret leads out of "));
  EXPECT_THAT(said_of("/etc/passwd"), StartsWith("7 /etc/passwd is neither in the workspace"));
  EXPECT_EQ(said_of("large"),
            "7 large has 5368709121 bytes; the largest file in a request is 5 GiB");
  EXPECT_THAT(said_of("secret", "PUT|@/||text"), StartsWith("7 a request has a body or a file"));
  EXPECT_THAT(said_of("secret", "HEAD|@/||"), StartsWith("7 HEAD has no body"));
  EXPECT_THAT(said_of("secret", "POST|hub:/v3/builds/b/data/keys||"),
              StartsWith("7 hub: takes no file as a body: secret"));
  EXPECT_THAT(said_of("secret", "PUT|http://127.0.0.2:1/||"), StartsWith("4 the plugin may not"));
  EXPECT_TRUE(seen_.empty());
}

/// A server that reads no more than it is told to.
class PluginHttpFileOnTheWay : public PluginFiles {
 protected:
  PluginHttpFileOnTheWay() { permit_host("127.0.0.1:" + port_); }

  std::unique_ptr<DrivenJob> begin_upload(std::uint64_t size) {
    auto driven = begin("http://127.0.0.1:" + port_, "ostler.http/1/send|PUT|@/|||0|0|big");
    std::ofstream(driven->directory() / "big") << "";
    fs::resize_file(driven->directory() / "big", size);
    driven->start();
    return driven;
  }
  tcp::socket accept() {
    pollfd watched{acceptor_.native_handle(), POLLIN, 0};
    EXPECT_EQ(::poll(&watched, 1, std::chrono::milliseconds(kLimit).count()), 1);
    return acceptor_.accept();
  }
  static std::uint64_t read(tcp::socket& socket, std::uint64_t most) {
    std::string piece(kMebibyte, '\0');
    std::uint64_t got = 0;
    boost::system::error_code ec;
    while (!ec && got < most) got += asio::read(socket, asio::buffer(piece), ec);
    return got;
  }

  /// What a plugin is told whose file is changed after its first part has arrived.
  std::string told_after(const std::function<void(const fs::path&)>& change) {
    constexpr std::uint64_t kSize = 64 * kMebibyte;
    const auto driven = begin_upload(kSize);
    tcp::socket server = accept();
    EXPECT_EQ(read(server, kMebibyte), kMebibyte);
    change(driven->directory() / "big");
    EXPECT_LT(read(server, 2 * kSize), kSize) << "the server takes it for whole";
    return told_in(driven->finish());
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::string port_ = std::to_string(acceptor_.local_endpoint().port());
};

TEST_F(PluginHttpFileOnTheWay, FailsWhenItIsChanged) {
  const auto told = told_after([](const fs::path& file) {
    std::fstream(file, std::ios::in | std::ios::out) << "another begin";
  });
  EXPECT_EQ(told, "5 big was changed while it was sent");
}

TEST_F(PluginHttpFileOnTheWay, IsNotSentOnWhenTheServerRefusesIt) {
  constexpr std::uint64_t kSize = 64 * kMebibyte;
  const auto driven = begin_upload(kSize);
  tcp::socket server = accept();
  ASSERT_EQ(read(server, kMebibyte), kMebibyte);
  asio::write(server,
              asio::buffer(std::string("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")));
  EXPECT_LT(read(server, 2 * kSize), kSize);
  EXPECT_THAT(told_in(driven->finish()), StartsWith("0 413 "));
}

TEST_F(PluginHttpFileOnTheWay, FailsWhenItGetsShorter) {
  const auto told = told_after([](const fs::path& file) { fs::resize_file(file, 2 * kMebibyte); });
  EXPECT_EQ(told, "5 big was changed while it was sent");
}

TEST_F(PluginHttpFileOnTheWay, EndsWithTheJob) {
  constexpr std::uint64_t kSize = 1024 * kMebibyte;
  const auto driven = begin_upload(kSize);
  tcp::socket server = accept();
  ASSERT_EQ(read(server, kMebibyte), kMebibyte);
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(told_in(driven->finish()), HasSubstr("1 the job was cancelled"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_LT(read(server, 2 * kSize), kSize / 2) << "somebody goes on with it";
}

}  // namespace
}  // namespace ostler::worker
