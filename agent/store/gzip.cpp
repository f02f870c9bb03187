// SPDX-License-Identifier: Apache-2.0
#include "store/gzip.hpp"

#include <libdeflate.h>

#include <memory>

#include "base/assert.hpp"

namespace ostler::store {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};
using Decompressor = std::unique_ptr<libdeflate_decompressor, FreeDecompressor>;

/// A decompressor is costly to make (32 KiB of tables) and belongs to one thread at a time.
libdeflate_decompressor* own_decompressor() {
  thread_local const Decompressor decompressor(libdeflate_alloc_decompressor());
  return decompressor.get();
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

Error fault(const char* what) { return Error(Errc::UserFault, std::string("log chunk: ") + what); }

Result<void> inflate(std::string_view gzip, char* into, std::size_t size) {
  std::size_t filled = 0;
  do {
    std::size_t used = 0;
    std::size_t made = 0;
    const auto result = libdeflate_gzip_decompress_ex(own_decompressor(), gzip.data(), gzip.size(),
                                                      into + filled, size - filled, &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return fault("holds more bytes than it declares");
    if (result != LIBDEFLATE_SUCCESS) return fault("is not valid gzip");
    gzip.remove_prefix(used);
    filled += made;
  } while (!gzip.empty());
  if (filled != size) return fault("holds fewer bytes than it declares");
  return success();
}

}  // namespace

Result<std::string> gunzip(std::string_view gzip, std::size_t size) {
  std::string bytes(size, '\0');
  OSTLER_TRY(inflate(gzip, bytes.data(), size));
  return bytes;
}

std::string gzip(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(1));
  OSTLER_ASSERT(compressor != nullptr);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

Result<void> check_gzip(std::string_view gzip, std::size_t size) {
  const std::unique_ptr<char[]> scratch(new char[size]);
  return inflate(gzip, scratch.get(), size);
}

}  // namespace ostler::store
