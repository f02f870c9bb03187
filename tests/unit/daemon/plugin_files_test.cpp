// SPDX-License-Identifier: Apache-2.0
#include "daemon/plugin_files.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

#include "files/kept_directory.hpp"
#include "support/temp_directory.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// Made by an agent that begins, while one is there that nobody has used for long.
class ClearedPluginFiles : public testing::Test {
 protected:
  ClearedPluginFiles() {
    EXPECT_TRUE(files::KeptDirectory::take(root_, "old", "somebody's"));
    fs::last_write_time(root_ / "old/use",
                        fs::file_time_type::clock::now() - std::chrono::hours(24 * 31));
  }
  void begin(const std::stop_token& stop = {}) {
    asio::co_spawn(io_, clear_plugin_files(pool_, root_, stop), asio::detached);
  }
  bool is_there() const { return fs::exists(root_ / "old"); }

  const support::TempDirectory directory_;
  const fs::path root_ = directory_ / "kept";
  asio::io_context io_{1};
  net::WorkPool pool_{1};
};

TEST_F(ClearedPluginFiles, GoWhileTheAgentDoesOtherThings) {
  std::promise<void> free;
  std::future<void> freed = free.get_future();
  asio::co_spawn(io_, pool_.run([&freed] { freed.wait(); }), asio::detached);
  begin();
  io_.poll();
  EXPECT_TRUE(is_there()) << "the thread that is to do it is not free yet";
  free.set_value();
  io_.run();
  EXPECT_FALSE(is_there());
}

TEST_F(ClearedPluginFiles, StayWhenTheAgentStops) {
  std::stop_source stopped;
  stopped.request_stop();
  begin(stopped.get_token());
  io_.run();
  EXPECT_TRUE(is_there());
}

}  // namespace
}  // namespace ostler::daemon
