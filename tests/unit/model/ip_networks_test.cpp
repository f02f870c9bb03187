// SPDX-License-Identifier: Apache-2.0
#include "model/ip_networks.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

TEST(IpNetworks, AreAddressesWithOrWithoutALength) {
  for (const char* text : {"", " ", "10.0.0.0/8", "10.1.2.3", "::/0 0.0.0.0/0", "2001:db8::/32",
                           "  ::1   127.0.0.1/32 ", "10.0.0.0/0"}) {
    EXPECT_TRUE(are_ip_networks(text)) << text;
  }
  for (const char* text : {"x", "10.0.0/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1",
                           "10.0.0.0/8x", "10.0.0.0/4294967295", "10.0.0.0/8,::1", "/8", "1/2/3"}) {
    EXPECT_FALSE(are_ip_networks(text)) << text;
  }
}

TEST(IpNetworks, LetInWhatTheyHold) {
  EXPECT_TRUE(is_in_networks("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(is_in_networks("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(is_in_networks("192.0.2.128/25", "192.0.2.128"));
  EXPECT_FALSE(is_in_networks("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(is_in_networks("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(is_in_networks("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(is_in_networks("192.0.2.1 2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(is_in_networks("192.0.2.1 2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(is_in_networks("::/0", "10.0.0.1"));
}

TEST(IpNetworks, KnowAnIpv4AddressOnASocketOfIpv6) {
  EXPECT_TRUE(is_in_networks("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(is_in_networks("0.0.0.0/0", "2001:db8::1"));
}

TEST(IpNetworks, LetEverybodyInWhenThereAreNone) {
  EXPECT_TRUE(is_in_networks("", "10.0.0.1"));
  EXPECT_TRUE(is_in_networks(" ", ""));
  EXPECT_FALSE(is_in_networks("10.0.0.0/8", ""));
  EXPECT_FALSE(is_in_networks("0.0.0.0/0", "no address"));
}

}  // namespace
}  // namespace ostler::model
