// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/event_feeds.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <optional>

#include "gtest/gtest.h"
#include "support/run_task.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::rest_api {
namespace {

using support::Worker;
using News = Result<EventFeeds::Listener::News>;

bool says_end(const std::optional<News>& news) {
  return news && news->has_value() && news->value().is_over;
}

/// A build that is over, and those who follow it.
class EventFeedsTest : public testing::Test {
 protected:
  EventFeedsTest() {
    const Worker agent = house_.connect_agent();
    build_ = house_.create_build("steps: [{command: make, key: one}]").build.id;
    house_.run_job(agent, house_.job_of(build_, "one").id);
    last_ = house_.get(house_.store().build(build_)).last_event;
  }

  void begin(EventFeeds::Listener& listener, std::optional<News>& news) {
    boost::asio::co_spawn(strand_, support::keep(listener.next(std::chrono::hours(1)), news),
                          boost::asio::detached);
  }
  /// Lets everybody do what he can do now; nobody who is still waiting then is ever woken.
  void run() {
    io_.restart();
    io_.run_for(std::chrono::seconds(10));
  }

  support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path()};
  BuildId build_{};
  std::int64_t last_ = 0;
  boost::asio::io_context io_;
  boost::asio::any_io_executor strand_ = boost::asio::make_strand(io_);
  EventFeeds feeds_{house_.store()};
};

TEST_F(EventFeedsTest, WhoComesWhileTheEndIsReadAgainHearsOfItToo) {
  EventFeeds::Listener first(feeds_, build_, last_, last_, strand_);
  EventFeeds::Listener second(feeds_, build_, last_, last_, strand_);
  std::optional<News> heard;
  begin(first, heard);
  run();
  ASSERT_TRUE(says_end(heard));

  feeds_.changed({build_});
  std::optional<News> first_news;
  std::optional<News> second_news;
  begin(first, first_news);    // reads the store for all
  begin(second, second_news);  // finds that read under way
  run();
  EXPECT_TRUE(says_end(first_news));
  EXPECT_TRUE(says_end(second_news)) << "nobody woke the second listener";
}

}  // namespace
}  // namespace ostler::rest_api
