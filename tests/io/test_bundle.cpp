// SPDX-License-Identifier: Apache-2.0
#include <complex>
#include <cstdint>
#include <io/folder.hpp>
#include <tfx/io/bundle.hpp>

namespace io = tfx::io;
namespace errors = tfx::errors;
using io_test::folder;
using io_test::message;
using io_test::shape_of;
using io_test::source;
using io_test::text_of;
using io_test::values_of;
using io_test::write;
using strings = std::vector<std::string>;
using tfx::dims;

namespace {
std::string bytes(std::initializer_list<int> list) {
  std::string out;
  for (int const b : list) out += static_cast<char>(b);
  return out;
}
std::string from_hex(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}
std::string real_file(char const* name) {
  return (std::filesystem::path(__FILE__).parent_path() / "tf_files" / name).string();
}
/// An index with these entries.
std::string table(std::initializer_list<std::pair<std::string, std::string>> entries) {
  io::table_writer out;
  for (auto const& [key, value] : entries) out.add(key, value);
  return out.finish();
}
/// The entry of a tensor whose bytes are known.
std::string entry(tfx::dtype type, dims const& shape, tfx::u64 shard, std::string const& data, tfx::u64 offset = 0) {
  io::detail::bundle_entry e{shard, offset, data.size(), io::crc32c(data.data(), data.size())};
  return e.bytes(type, shape);
}
std::string const header = io::detail::bundle_header(1);
std::string data_of(std::string const& prefix) { return prefix + ".data-00000-of-00001"; }
}  // namespace

TEST_CASE("bundle: the bytes are TensorFlow's") {
  folder const dir;
  std::vector<float> const w = {1, 2};
  auto const one = source("w", w, {1, {2}});
  io::write_bundle(dir / "p", &one, 1);
  CHECK(text_of(dir / "p.data-00000-of-00001") == from_hex("0000803f00000040"));
  std::string const golden = from_hex(
      "00000608011a02080100010f770801120412020802280835593ce5350000000001000000000921adc3"
      "000000000100000000c0f2a1b0"
      "000102780024000000000100000000ab30707f"
      "2908360e");
  CHECK(text_of(dir / "p.index") == golden + std::string(36, '\0') + from_hex("57fb808b247547db"));
  CHECK(dir.files() == 2);
  // Written over, the checkpoint is the same, and has the same names.
  for (int i = 0; i < 3; ++i) {
    io::write_bundle(dir / "p", &one, 1);
    CHECK(text_of(dir / "p.index").substr(0, golden.size()) == golden);
    CHECK(text_of(dir / "p.data-00000-of-00001") == from_hex("0000803f00000040"));
    CHECK(dir.files() == 2);
  }
  CHECK(io::is_bundle(dir / "p"));
  io::remove_bundle(dir / "p");
  CHECK(dir.files() == 0);
}
TEST_CASE("bundle: files of TensorFlow are read, and are written the same") {
  folder const dir;
  io::bundle_reader half(real_file("variables"));
  CHECK(half.tensors().size() == 3);
  CHECK(values_of<float>(half, "a") == std::vector<float>{0.5f});
  CHECK(values_of<float>(half, "b") == std::vector<float>{2});
  CHECK(values_of<float>(half, "c") == std::vector<float>{3});
  CHECK(shape_of(half, "a") == "[]");
  CHECK(half.find("d") == nullptr);
  CHECK(half.find("") == nullptr);

  io::bundle_reader embeddings(real_file("bundle_checkpoint"));
  std::vector<float> const counted = values_of<float>(embeddings, "some_scope/embeddings");
  CHECK(shape_of(embeddings, "some_scope/embeddings") == "[5,16]");
  REQUIRE(counted.size() == 80);
  for (std::size_t i = 0; i < 80; ++i) CHECK(counted[i] == float(i));
  CHECK(values_of<std::int64_t>(embeddings, "some_scope/indices") == std::vector<std::int64_t>{3, 4, 5, 6, 7});

  io::bundle_reader embedding(real_file("embedding.ckpt"));
  CHECK(shape_of(embedding, "my_embedding") == "[3,2]");
  CHECK(values_of<float>(embedding, "my_embedding") == std::vector<float>{1, 2, 3, 5, 7, 11});

  io::bundle_reader texts(real_file("old_string_tensors"));
  CHECK(values_of<std::string>(texts, "scalar") == strings{"hello"});
  CHECK(shape_of(texts, "scalar") == "[1]");
  CHECK(values_of<std::string>(texts, "string_tensor") == strings{""});
  CHECK(values_of<float>(texts, "floats") == std::vector<float>(6, 16.18f));
  strings const four = values_of<std::string>(texts, "strs");
  CHECK(four == strings{"hello", "", "x01", std::string(1024, 'c')});

  io::bundle_reader profiler(real_file("profiler"));
  CHECK(shape_of(profiler, "DW") == "[3,3,3,6]");
  CHECK(shape_of(profiler, "DW2") == "[2,2,6,12]");
  CHECK(values_of<float>(profiler, "DW")[0] == doctest::Approx(-0.0005343154f));
  CHECK(values_of<float>(profiler, "DW2")[0] == doctest::Approx(-0.0006064771f));
  CHECK(values_of<float>(profiler, "ScalarW")[0] == doctest::Approx(0.0020255179f));

  // The same tensors written by tfx are the same files.
  std::vector<float> const a = {0.5f}, b = {2}, c = {3};
  io::tensor_source const half_again[] = {source("a", a, {}), source("b", b, {}), source("c", c, {})};
  io::write_bundle(dir / "variables", half_again, 3);
  CHECK(text_of(dir / "variables.index") == text_of(real_file("variables.index")));
  CHECK(text_of(data_of(dir / "variables")) == text_of(data_of(real_file("variables"))));
  auto const floats = values_of<float>(texts, "floats");
  strings const empty = {""}, hello = {"hello"};
  io::tensor_source const texts_again[] = {source("floats", floats, {2, {2, 3}}), source("scalar", hello, {1, {1}}),
                                           source("string_tensor", empty, {1, {1}}), source("strs", four, {1, {4}})};
  io::write_bundle(dir / "texts", texts_again, 4);
  // There, the data have another order; each tensor is the same bytes.
  std::string const theirs = text_of(data_of(real_file("old_string_tensors"))), ours = text_of(data_of(dir / "texts"));
  CHECK(ours.size() == theirs.size());
  CHECK(ours == theirs.substr(theirs.size() - 24) + theirs.substr(5, 10) + theirs.substr(0, 5) +
                    theirs.substr(15, theirs.size() - 39));
}
TEST_CASE("bundle: every dtype comes back, of any shape") {
  folder const dir;
  bool const flags[] = {true, false, true};
  std::vector<std::int8_t> const i8 = {-128, 127};
  std::vector<std::uint8_t> const u8 = {0, 255};
  std::vector<std::int16_t> const i16 = {-32768, 32767};
  std::vector<std::uint16_t> const u16 = {0, 65535};
  std::vector<std::int32_t> const i32 = {-2147483647 - 1};
  std::vector<std::uint32_t> const u32 = {4294967295u};
  std::vector<std::int64_t> const i64 = {INT64_MIN, INT64_MAX};
  std::vector<std::uint64_t> const u64 = {UINT64_MAX};
  std::vector<double> const f64 = {-0.0, 1e308, std::numeric_limits<double>::infinity()};
  std::vector<float> const none;
  std::vector<std::complex<float>> const c64 = {{1, -2}, {0, 3}};
  std::vector<std::complex<double>> const c128 = {{1e300, -2}};
  std::vector<tfx::qint8> const q8 = {tfx::qint8(-128), tfx::qint8(127)};
  std::vector<tfx::quint8> const qu8 = {tfx::quint8(0), tfx::quint8(255)};
  std::vector<tfx::qint32> const q32 = {tfx::qint32(-7)};
  strings const texts = {"", std::string("a\0b", 3), std::string(300, 'x'), "ünï"}, no_texts;
  std::vector<io::tensor_source> all = {
      {"bool", tfx::dtype::boolean, {1, {3}}, flags},
      source("complex128", c128, {}),
      source("complex64", c64, {2, {1, 2}}),
      source("empty", none, {3, {2, 0, 5}}),
      source("float64", f64, {1, {3}}),
      source("int16", i16, {1, {2}}),
      source("int32", i32, {}),
      source("int64", i64, {8, {1, 1, 1, 2, 1, 1, 1, 1}}),
      source("int8", i8, {1, {2}}),
      source("no_texts", no_texts, {1, {0}}),
      source("qint32", q32, {}),
      source("qint8", q8, {1, {2}}),
      source("quint8", qu8, {2, {2, 1}}),
      source("string", texts, {2, {2, 2}}),
      source("uint16", u16, {1, {2}}),
      source("uint32", u32, {}),
      source("uint64", u64, {}),
      source("uint8", u8, {1, {2}}),
  };
  io::write_bundle(dir / "all", all.data(), static_cast<int>(all.size()));
  io::bundle_reader in(dir / "all");
  REQUIRE(in.tensors().size() == static_cast<int>(all.size()));
  for (int i = 0; i < in.tensors().size(); ++i) {
    auto const& t = all[static_cast<std::size_t>(i)];
    CHECK(in.tensors()[i].name == t.name);
    CHECK(in.tensors()[i].type == t.type);
    CHECK(in.tensors()[i].shape == t.shape);
    if (t.type == tfx::dtype::string) continue;
    std::string got(static_cast<std::size_t>(t.shape.count() * bytes_of(t.type)), '?');
    in.read(in.tensors()[i], got.data());
    CHECK((got.empty() || std::memcmp(got.data(), t.data, got.size()) == 0));
  }
  CHECK(values_of<std::string>(in, "string") == texts);
  CHECK(values_of<std::string>(in, "no_texts").empty());
  io::write_bundle(dir / "none", nullptr, 0);
  CHECK(io::bundle_reader(dir / "none").tensors().empty());
}
TEST_CASE("bundle: an index of several blocks, with keys that share their beginnings") {
  folder const dir;
  std::vector<std::string> names;
  for (int i = 0; i < 9000; ++i) {
    std::string number = std::to_string(i);
    names.push_back("a_model/of/many_layers/layer_" + std::string(5 - number.size(), '0') + number + "/kernel");
  }
  std::vector<float> const values = {1, 2, 3};
  std::vector<io::tensor_source> all;
  for (std::string const& name : names) all.push_back(source(name.c_str(), values, {1, {3}}));
  io::write_bundle(dir / "many", all.data(), 9000);
  CHECK(text_of(dir / "many.index").size() > 280000);
  io::bundle_reader in(dir / "many");
  REQUIRE(in.tensors().size() == 9000);
  for (std::size_t i = 0; i < 9000; i += 7) CHECK(in.tensors()[static_cast<int>(i)].name == names[i]);
  for (std::size_t i : {0u, 4711u, 8999u}) CHECK(values_of<float>(in, names[i].c_str()) == values);
}
TEST_CASE("bundle: an index that Snappy packed") {
  CHECK(io::unpack_snappy(bytes({0}), "x").empty());
  CHECK(io::unpack_snappy(bytes({5, 4 << 2, 'h', 'e', 'l', 'l', 'o'}), "x") == "hello");
  // "ab", then eight more of it (one distance byte), then three of the last four (two), then "ab" from ten before
  // (four).
  CHECK(io::unpack_snappy(bytes({15, 1 << 2, 'a', 'b', 4 << 2 | 1, 2, 2 << 2 | 2, 4, 0, 1 << 2 | 3, 10, 0, 0, 0}),
                          "x") == "abababababababa");
  std::string long_text(1000, 'y');
  CHECK(io::unpack_snappy(bytes({0xe8, 7, 61 << 2, 0xe7, 3}) + long_text, "x") == long_text);
  for (std::string const& damaged :
       {std::string(), bytes({0x80}), bytes({5, 4 << 2, 'h'}), bytes({4, 4 << 2, 'h', 'e', 'l', 'l', 'o'}),
        bytes({6, 4 << 2, 'h', 'e', 'l', 'l', 'o'}), bytes({4, 1, 1}), bytes({9, 1 << 2, 'a', 'b', 4 << 2 | 1, 2}),
        bytes({4, 0, 'a', 1, 2}), bytes({5, 0, 'a', 1, 0}), bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}),
        bytes({5, 63 << 2, 0xff, 0xff, 0xff, 0xff, 'h', 'e'})})
    CHECK_THROWS_AS(io::unpack_snappy(damaged, "x"), errors::DataLossError);

  folder const dir;
  std::string const plain = text_of(real_file("variables.index"));
  std::size_t const content = 66;  // of the first block
  std::string packed = bytes({66, 60 << 2, 65}) + plain.substr(0, content) + '\1';
  io::put_fixed(packed, io::mask_crc(io::crc32c(packed.data(), packed.size())), 4);
  std::string index = bytes({0, 1, 2, 'd', 0}), footer;
  io::put_varint(index, packed.size() - 5);
  index += bytes({0, 0, 0, 0, 1, 0, 0, 0, 0});
  io::put_fixed(index, io::mask_crc(io::crc32c(index.data(), index.size())), 4);
  std::string const empty = plain.substr(content + 5, 13);
  for (auto const& [offset, size] : {std::pair{packed.size(), 8ul}, {packed.size() + 13, index.size() - 5}}) {
    io::put_varint(footer, offset);
    io::put_varint(footer, size);
  }
  footer.resize(40);
  write(dir / "p.index", packed + empty + index + footer + plain.substr(plain.size() - 8));
  write(data_of(dir / "p"), text_of(data_of(real_file("variables"))));
  io::bundle_reader in(dir / "p");
  CHECK(values_of<float>(in, "c") == std::vector<float>{3});
}
TEST_CASE("bundle: tensors in several shards, and one that was saved in slices") {
  using io::detail::slice_box;
  // TensorFlow's order-preserving numbers: one byte up to 63, two up to 8191.
  for (auto const& [value, code] : {std::pair{0ll, "80"},
                                    {-1ll, "7f"},
                                    {63ll, "bf"},
                                    {-64ll, "40"},
                                    {64ll, "c040"},
                                    {-65ll, "3fbf"},
                                    {8191ll, "dfff"},
                                    {8192ll, "e02000"}}) {
    std::string got;
    io::detail::put_ordered_signed(got, value);
    CHECK(got == from_hex(code));
  }
  slice_box const top{{2, {0, 0}}, {2, {1, -1}}}, bottom{{2, {1, 0}}, {2, {2, -1}}};
  CHECK(io::detail::slice_key("w", top) == from_hex("00770001010280"
                                                    "81807f"));
  CHECK(io::detail::slice_key(std::string("\0\xff", 2), {{0, {}}, {0, {}}}) == from_hex("0000ffff00000100"));

  folder const dir;
  std::string const a(reinterpret_cast<char const*>(std::vector<float>{1, 2, 3}.data()), 12),
      b(reinterpret_cast<char const*>(std::vector<float>{4, 5, 6, 7, 8, 9}.data()), 24);
  auto const extents = [](slice_box const& box) {
    std::string list;
    for (int k = 0; k < box.start.rank; ++k) {
      std::string extent;
      if (box.length[k] >= 0) {
        io::detail::bundle_entry::put_number(extent, 1, static_cast<tfx::u64>(box.start[k]));
        io::detail::bundle_entry::put_number(extent, 2, static_cast<tfx::u64>(box.length[k]));
      }
      io::detail::bundle_entry::put_text(list, 1, extent);
    }
    return list;
  };
  auto const index = [&](std::initializer_list<slice_box> boxes) {
    // Without elements of its own.
    std::string whole = entry(tfx::dtype::float32, {2, {3, 3}}, 0, "");
    whole.resize(whole.size() - 5);
    for (slice_box const& box : boxes) io::detail::bundle_entry::put_text(whole, 7, extents(box));
    write(dir / "p.index",
          table({{"", io::detail::bundle_header(2)},
                 {io::detail::slice_key("w", top), entry(tfx::dtype::float32, {2, {1, 3}}, 0, a)},
                 {io::detail::slice_key("w", bottom), entry(tfx::dtype::float32, {2, {2, 3}}, 1, b, 4)},
                 {"v", entry(tfx::dtype::float32, {1, {3}}, 0, a)},
                 {"w", whole}}));
    return io::bundle_reader(dir / "p");
  };
  write(dir / "p.data-00000-of-00002", a);
  write(dir / "p.data-00001-of-00002", "skip" + b);
  auto const reading = [&](std::initializer_list<slice_box> boxes) {
    return [&index, boxes] {
      auto&& in = index(boxes);
      values_of<float>(in, "w");
    };
  };
  {
    auto&& in = index({top, bottom});
    CHECK(in.tensors().size() == 2);
    CHECK(values_of<float>(in, "w") == std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(values_of<float>(in, "v") == std::vector<float>{1, 2, 3});
  }
  std::string const named = dir / "p.index: tensor 'w' has ";
  CHECK(message<errors::DataLossError>(reading({top})) == named + "a gap between its slices");
  CHECK(message<errors::DataLossError>(reading({top, bottom, top})) == named + "slices that overlap");
  slice_box const absent{{2, {0, 0}}, {2, {2, -1}}}, beyond{{2, {2, 0}}, {2, {2, -1}}};
  for (slice_box const& box : {absent, beyond, slice_box{{1, {0}}, {1, {1}}}})
    CHECK(message<errors::DataLossError>(reading({box})) == named + "a slice that does not fit it");
  std::filesystem::remove(dir / "p.data-00001-of-00002");
  CHECK(message<errors::NotFoundError>(reading({top, bottom})) ==
        dir / "p.data-00001-of-00002" + "; No such file or directory");
}
TEST_CASE("bundle: what an index may say and data may not hold") {
  folder const dir;
  std::string const data = "\1\2\3\4";
  write(data_of(dir / "p"), data);
  auto const refusal = [&](std::string const& value) {
    write(dir / "p.index", table({{"", header}, {"w", value}}));
    return message<errors::DataLossError>([&] {
      io::bundle_reader in(dir / "p");
      io::stored_tensor const& t = in.tensors()[0];
      strings texts(4);
      std::vector<char> room(64);
      in.read(t, t.type == tfx::dtype::string ? static_cast<void*>(texts.data()) : room.data());
    });
  };
  using tfx::dtype;
  std::string const of_index = dir / "p.index: tensor 'w' ", of_data = data_of(dir / "p") + ": tensor 'w' ";
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 0, data)) == "nothing was thrown");
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 0, "1234")) == of_data + "does not match its checksum");
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 0, data, 1)) == of_data + "lies beyond the end");
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 0, data, ~tfx::u64{0})) == of_data + "lies beyond the end");
  CHECK(refusal(entry(dtype::uint8, {1, {3}}, 0, data)) == of_index + "has another size than its shape needs");
  CHECK(refusal(entry(dtype::uint8, {3, {1ll << 40, 1ll << 40, 4}}, 0, data)) == of_index + "cannot be read");
  CHECK(refusal(entry(dtype::float64, {1, {1ll << 56}}, 0, data)) ==
        of_index + "has another size than its shape needs");
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 1, data)) ==
        of_index + "lies in a file that the header does not tell of");
  CHECK(refusal(entry(static_cast<dtype>(19), {1, {2}}, 0, data)) == of_index + "cannot be read");
  CHECK(refusal(entry(dtype::uint8, {1, {-4}}, 0, data)) == dir / "p.index: a tensor has a negative extent");
  CHECK(refusal(entry(dtype::string, {1, {1ll << 40}}, 0, data)) == of_data + "is too short");
  CHECK(refusal(entry(dtype::string, {1, {0}}, 0, data)) == of_data + "does not match its checksum");
  CHECK(refusal("\x0f") == dir / "p.index: a message has a field of no known kind");
  CHECK(refusal("\x12\x05") == dir / "p.index: the data end too early");
  // What belongs to no tensor of ours is passed over: an axis too many, fields of another version.
  CHECK(refusal(entry(dtype::uint8, {1, {4}}, 0, data) + "\x50\x01\x5a\x01x") == "nothing was thrown");

  auto const opening = [&](std::string const& index) {
    write(dir / "p.index", index);
    return message<errors::DataLossError>([&] { io::bundle_reader in(dir / "p"); });
  };
  std::string const file = dir / "p.index: ", good = table({{"", header}});
  CHECK(opening(good) == "nothing was thrown");
  CHECK(opening("") == file + "is too short for the index of a checkpoint");
  CHECK(opening(good.substr(1)) != "nothing was thrown");
  CHECK(opening(table({})) == file + "has no header");
  CHECK(opening(table({{"a", header}})) == file + "has no header");
  CHECK(opening(table({{"", header}, {"b", ""}, {"a", ""}})) == file + "the keys do not ascend");
  CHECK(opening(table({{"", header}, {"b", ""}, {"b", ""}})) == file + "the keys do not ascend");
  CHECK(opening(table({{"", header + "\x10\1"}})) == file + "has the highest bytes first, which is not read");
  CHECK(opening(good.substr(0, good.size() - 1) + "x") ==
        file + "is not the index of a checkpoint: it ends in a wrong magic number");
  CHECK(message<errors::NotFoundError>([&] { io::bundle_reader in(dir / "absent"); }) ==
        dir / "absent.index; No such file or directory");
}
