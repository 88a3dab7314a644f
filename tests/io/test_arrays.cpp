// SPDX-License-Identifier: Apache-2.0
#include <complex>
#include <cstdint>
#include <io/folder.hpp>
#include <tfx/io/checkpoint_state.hpp>
#include <tfx/io/tensor_file.hpp>

namespace io = tfx::io;
namespace errors = tfx::errors;
using io_test::folder;
using io_test::message;
using io_test::shape_of;
using io_test::source;
using io_test::text_of;
using io_test::values_of;
using io_test::write;
using tfx::dims;

namespace {
std::string unhex(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}
/// A .safetensors file of that header.
std::string safetensors(std::string const& header, std::string const& data = "") {
  std::string out;
  io::put_fixed(out, header.size(), 8);
  return out + header + data;
}
std::string refusal(std::string const& path, std::string const& content) {
  write(path, content);
  std::string const text = message<errors::DataLossError>([&] {
    auto const in = io::open_tensors(path);
    for (io::stored_tensor const& t : in->tensors()) {
      std::vector<char> room(static_cast<std::size_t>(t.shape.count()) * 16 + 1);
      in->read(t, room.data());
    }
  });
  return text.substr(0, path.size() + 2) == path + ": " ? text.substr(path.size() + 2) : text;
}

// `python3` with its zipfile: "f.npy" of version 2 with float64 [2,3] in Fortran order and "b.npy" with '<i2' [4], both
// deflated; a member that is no array; a comment of the archive.
std::string const zip =
    "504b03042d000000080000002100fed87a21ffffffffffffffff05001400662e6e707901001000b0000000000000005b00000000000000"
    "9bec17ea1b10c9c450c2c0c050ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a120f292a4d050a17672416a4"
    "02b91a463a0ac69a3a0ab50ae4022e0630f8600fa1051c203403941681d21c505ac20100504b03042d000000080000002100718a037bff"
    "ffffffffffffff05001400622e6e70790100100088000000000000004d000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46e"
    "a5a06e9369a4aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a263a9a3a0ab50a1400aeffff9918fefe67"
    "610000504b03042d00000008000000210086a61036ffffffffffffffff0a001400726561646d652e747874010010000500000000000000"
    "0700000000000000cb48cdc9c90700504b01022d032d000000080000002100fed87a215b000000b0000000050000000000000000000000"
    "800100000000662e6e7079504b01022d032d000000080000002100718a037b4d0000008800000005000000000000000000000080019200"
    "0000622e6e7079504b01022d032d00000008000000210086a6103607000000050000000a00000000000000000000008001160100007265"
    "61646d652e747874504b050600000000030003009e0000005901000009006120636f6d6d656e74";

}  // namespace

TEST_CASE("npz and safetensors: every dtype comes back, in files whose paths tell the format") {
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
  std::vector<double> const f64 = {-0.0, 1e308, 3};
  std::vector<float> const f32 = {1, 2, 3, 4, 5, 6}, none;
  std::vector<std::complex<float>> const c64 = {{1, -2}, {0, 3}};
  std::vector<std::complex<double>> const c128 = {{1e300, -2}};
  std::vector<tfx::qint8> const q8 = {tfx::qint8(-128), tfx::qint8(127)};
  std::vector<tfx::quint8> const qu8 = {tfx::quint8(0), tfx::quint8(255)};
  std::vector<tfx::qint32> const q32 = {tfx::qint32(-7)};
  for (char const* const ending : {".npz", ".safetensors", ""}) {
    // In no order.
    std::vector<io::tensor_source> all = {
        {"z/bool", tfx::dtype::boolean, {1, {3}}, flags},
        source("complex64", c64, {2, {1, 2}}),
        source("empty", none, {3, {2, 0, 5}}),
        source("float64", f64, {1, {3}}),
        source("a/Adam_1", f32, {2, {2, 3}}),
        source("int16", i16, {1, {2}}),
        source("int32", i32, {}),
        source("int64", i64, {8, {1, 1, 1, 2, 1, 1, 1, 1}}),
        source("int8", i8, {1, {2}}),
        source("uint16", u16, {1, {2}}),
        source("uint32", u32, {}),
        source("uint64", u64, {}),
        source("uint8 \"\\ \n\x01 ünï", u8, {1, {2}}),
    };
    if (ending != std::string(".safetensors"))
      for (io::tensor_source const& t : {source("complex128", c128, {}), source("qint32", q32, {}),
                                         source("qint8", q8, {2, {1, 2}}), source("quint8", qu8, {1, {2}})})
        all.push_back(t);
    std::string const path = dir / "all" + ending;
    CHECK(!io::has_tensors(path));
    io::write_tensors(path, all.data(), static_cast<int>(all.size()));
    CHECK(io::has_tensors(path));
    auto const in = io::open_tensors(path);
    REQUIRE(in->tensors().size() == static_cast<int>(all.size()));
    for (int i = 0; i < in->tensors().size(); ++i) {
      auto const& t = all[static_cast<std::size_t>(i)];
      CHECK(in->tensors()[i].name == t.name);
      CHECK(in->tensors()[i].type == t.type);
      CHECK(in->tensors()[i].shape == t.shape);
      std::string got(static_cast<std::size_t>(t.shape.count() * bytes_of(t.type)), '?');
      in->read(in->tensors()[i], got.data());
      CHECK((got.empty() || std::memcmp(got.data(), t.data, got.size()) == 0));
    }
    io::write_tensors(dir / "none" + ending, nullptr, 0);
    CHECK(io::open_tensors(dir / "none" + ending)->tensors().empty());
    io::remove_tensors(path);
    CHECK(!io::has_tensors(path));
    CHECK_THROWS_AS(io::open_tensors(path), errors::NotFoundError);
  }
  std::vector<std::string> const texts = {"a"};
  io::tensor_source text = source("t", texts, {1, {1}}), complex = source("c", c128, {});
  io::tensor_source quantized = source("q", q8, {1, {2}});
  CHECK(message<errors::UnimplementedError>([&] { io::write_tensors(dir / "a.safetensors", &quantized, 1); }) ==
        dir / "a.safetensors: 'q' is of dtype qint8, which .safetensors files cannot hold");
  CHECK(message<errors::UnimplementedError>([&] { io::write_tensors(dir / "a.npz", &text, 1); }) ==
        dir / "a.npz: 't' is of dtype string, which .npz files cannot hold");
  CHECK(message<errors::UnimplementedError>([&] { io::write_tensors(dir / "a.safetensors", &text, 1); }) ==
        dir / "a.safetensors: 't' is of dtype string, which .safetensors files cannot hold");
  CHECK_THROWS_AS(io::write_tensors(dir / "a.safetensors", &complex, 1), errors::UnimplementedError);
  CHECK(!io::exists(dir / "a.npz"));
  CHECK(!io::exists(dir / "a.safetensors"));
}
TEST_CASE("npz: files of other writers, and the bytes of ours") {
  folder const dir;
  write(dir / "x.npz", unhex(zip));
  auto const in = io::open_tensors(dir / "x.npz");
  CHECK(in->tensors().size() == 2);
  CHECK(shape_of(*in, "f") == "[2,3]");
  CHECK(values_of<double>(*in, "f") == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(values_of<std::int16_t>(*in, "b") == std::vector<std::int16_t>{-1, 2, -3, 4});
  std::vector<float> const w = {1, 2};
  io::tensor_source one = source("w", w, {1, {2}});
  io::write_tensors(dir / "w.npz", &one, 1);
  std::string const file = text_of(dir / "w.npz");
  CHECK(file.substr(30, 5) == "w.npy");
  CHECK(file.substr(35, 10) == unhex("934e554d5059"
                                     "01007600"));
  CHECK(file.substr(45, 118) ==
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }" + std::string(60, ' ') + "\n");
  CHECK(file.substr(163, 8) == unhex("0000803f00000040"));
}
TEST_CASE("npz: what is damaged is refused") {
  folder const dir;
  std::string const path = dir / "x.npz", good = unhex(zip);
  CHECK(refusal(path, good) == "nothing was thrown");
  CHECK(refusal(path, "") == "is no zip file, or is cut short");
  CHECK(refusal(path, good.substr(0, good.size() / 2)) == "is no zip file, or is cut short");
  CHECK(refusal(path, good.substr(7)) != "nothing was thrown");
  std::vector<float> const w = {1, 2};
  io::tensor_source one = source("w", w, {1, {2}});
  io::write_tensors(path, &one, 1);
  std::string const ours = text_of(path);
  std::size_t const directory = ours.find("PK\1\2");
  auto const changed = [&](std::size_t at, std::string const& to) {
    std::string file = ours;
    return refusal(path, file.replace(at, to.size(), to));
  };
  CHECK(changed(163, "x") == "tensor 'w' does not match its checksum");
  CHECK(changed(0, "Q") == "tensor 'w.npy' does not begin where the directory says");
  CHECK(changed(30, "v") == "tensor 'w.npy' does not begin where the directory says");
  CHECK(changed(directory, "Q") == "the directory holds what is no member");
  CHECK(changed(directory + 8, "\1") == "tensor 'w.npy' is packed by an unknown method");
  CHECK(changed(directory + 20, unhex("ffffff7f")) == "tensor 'w.npy' lies beyond the end");
  CHECK(changed(directory + 24, unhex("ffffff7f")) == "tensor 'w.npy' has a wrong size");
  CHECK(changed(directory + 42, unhex("ffffff7f")) == "the file ends too early");
  CHECK(changed(directory + 28, unhex("ffff")) == "the data end too early");
  // Headers whose checksum is right.
  auto const header = [&](std::string const& dict) {
    std::string const npy = unhex("934e554d50590100") + static_cast<char>(dict.size()) + '\0' + dict + "12345678";
    std::string local, entry;
    io::put_fixed(local, io::detail::zip_local, 4);
    io::detail::put_zip_entry(local, io::detail::zip_crc(npy.data(), npy.size()), npy.size(), 5);
    io::put_fixed(entry, io::detail::zip_member, 4);
    io::put_fixed(entry, 20, 2);
    entry += local.substr(4) + std::string(14, '\0') + "w.npy";
    local += "w.npy" + npy;
    std::string file = local + entry;
    io::put_fixed(file, io::detail::zip_end, 4);
    io::put_fixed(file, 0x00010001ull << 32, 8);
    io::put_fixed(file, entry.size(), 4);
    io::put_fixed(file, local.size(), 6);
    return refusal(path, file);
  };
  auto const of = [](std::string const& descr, std::string const& shape) {
    return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}";
  };
  CHECK(header(of("'<f4'", "(2,)")) == "nothing was thrown");
  CHECK(header(of("'=u1'", "(2, 4)")) == "nothing was thrown");
  CHECK(header(of("'<f4'", "(3,)")) == "tensor 'w' has another size than its shape needs");
  CHECK(header(of("'<f4'", "(1099511627776, 1099511627776, 1099511627776)")) ==
        "tensor 'w' has another size than its shape needs");
  CHECK(header(of("'<f4'", "(99999999999999999999,)")) == "holds a .npy file whose extents are too large");
  CHECK(header(of("'<f4'", "(-1,)")) == "holds a .npy file without a shape");
  CHECK(header(of("'<f4'", "(2")) == "holds a .npy file without a shape");
  CHECK(header("{'descr': '<f4', 'shape': (2,)}") == "holds a .npy file whose header lacks a part");
  CHECK(header("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}") == "holds a .npy file without an order");
  CHECK(header(of("'<f2'", "(4,)")) == "tensor 'w' is of a dtype or a rank that cannot be read");
  CHECK(header(of("[('a', '<f4')]", "(2,)")) == "tensor 'w' is of a dtype or a rank that cannot be read");
  CHECK(header(of("'<f4'", "(2,1,1,1,1,1,1,1,1)")) == "tensor 'w' is of a dtype or a rank that cannot be read");
}
TEST_CASE("safetensors: the bytes of a file, and headers as others write them") {
  folder const dir;
  std::vector<float> const w = {1, 2};
  std::vector<std::uint8_t> const b = {7};
  io::tensor_source two[] = {source("b", b, {}), source("w", w, {1, {2}})};
  io::write_tensors(dir / "x.safetensors", two, 2);
  std::string header =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  CHECK(text_of(dir / "x.safetensors") == safetensors(header, unhex("0000803f0000004007")));
  write(dir / "y.safetensors",
        safetensors("{ \"__metadata__\" : {\"format\":\"pt\", \"n\": [1, -2.5e3, {\"a\": null}, true]} ,\n\t"
                    "\"h\":{\"shape\":[1,2],\"dtype\":\"BF16\",\"data_offsets\":[8,12]},"
                    "\"\\u00fc\\ud83d\\ude00\\n\": {\"data_offsets\" : [ 0 , 8 ],\"dtype\":\"I32\",\"more\":[],"
                    "\"shape\":[ 1, 2 ]}} ",
                    unhex("01000000ffffffff") + "half"));
  auto const in = io::open_tensors(dir / "y.safetensors");
  CHECK(in->tensors().size() == 2);
  CHECK(values_of<std::int32_t>(*in, "ü😀\n") == std::vector<std::int32_t>{1, -1});
  CHECK(in->find("h")->type == tfx::dtype::none);
}
TEST_CASE("safetensors: what is damaged is refused") {
  folder const dir;
  std::string const path = dir / "x.safetensors";
  auto const of = [&](std::string const& header, std::string const& data = "12345678") {
    return refusal(path, safetensors(header, data));
  };
  std::string const good = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(of(good) == "nothing was thrown");
  CHECK(of("{}", "") == "nothing was thrown");
  CHECK(of(good, "1234567") == "the tensors do not end where the file does");
  CHECK(of(good, "123456789") == "the tensors do not end where the file does");
  CHECK(of("{}") == "the tensors do not end where the file does");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})") == "the tensors overlap, or leave a gap");
  CHECK(
      of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})") ==
      "the tensors overlap, or leave a gap");
  CHECK(
      of(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})") ==
      "tensor 'w' is there twice");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})") ==
        "tensor 'w' has another size than its shape needs");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[4611686018427387904,4,1],"data_offsets":[0,8]}})") ==
        "tensor 'w' has another size than its shape needs");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})") == "tensor 'w' lacks a dtype or a place");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}})") == "tensor 'w' lacks a dtype or a place");
  CHECK(of(R"({"w":{"shape":[2],"data_offsets":[0,8]}})") == "tensor 'w' lacks a dtype or a place");
  CHECK(of(R"({"w":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}})") ==
        "tensor 'w' is of a dtype that cannot be read");
  CHECK(of(R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})").find("the header is no JSON") == 0);
  for (char const* const bad :
       {"{", "{\"w", "{\"w\":", "{\"w\\x\":{}}", "{\"\\ud800\":{}}", "{\"\\udc00\":{}}", "{\"w\":3}", "{} x",
        "{\"__metadata__\":}", "{\"w\":{\"shape\":[99999999999999999999]}}", "{,}", "{\"a\nb\":{}}"})
    CHECK(of(bad).find("the header is no JSON as it should be, at byte") == 0);
  CHECK(of("{\"__metadata__\":" + std::string(100000, '[') + "}").find("the header is no JSON") == 0);
  CHECK(of("[]") == "the header is no JSON object");
  CHECK(of("") == "the header is no JSON object");
  CHECK(refusal(path, "1234567") == "is too short for a .safetensors file");
  CHECK(refusal(path, unhex("ffffffffffffffff") + "{}") == "the header is longer than the file");
}
TEST_CASE("checkpoint state: what is written is read, and what TensorFlow writes") {
  folder const dir;
  std::string const file = dir / "checkpoint", here = dir.path.string();
  CHECK(io::read_checkpoint_state(here).model_checkpoint_path.empty());
  io::checkpoint_state state{"a \"b\"\\\n\x7fü-2"};
  state.all_model_checkpoint_paths.push_back("a-1");
  state.all_model_checkpoint_paths.push_back(state.model_checkpoint_path);
  io::write_checkpoint_state(here + "/", state);
  CHECK(text_of(file) ==
        "model_checkpoint_path: \"a \\\"b\\\"\\\\\\012\\177ü-2\"\nall_model_checkpoint_paths: \"a-1\"\n"
        "all_model_checkpoint_paths: \"a \\\"b\\\"\\\\\\012\\177ü-2\"\n");
  io::checkpoint_state const again = io::read_checkpoint_state(here);
  CHECK(again.model_checkpoint_path == state.model_checkpoint_path);
  CHECK(again.all_model_checkpoint_paths.size() == 2);
  write(file,
        "# text\nmodel_checkpoint_path: 'm-\\3032'all_model_checkpoint_paths:\"m\\t1\"\n"
        "all_model_checkpoint_timestamps: 1543399168.2\nlast_preserved_timestamp: -1.5e+3 ");
  CHECK(io::read_checkpoint_state(here).model_checkpoint_path ==
        "m-\xc3"
        "2");
  CHECK(io::read_checkpoint_state(here).all_model_checkpoint_paths[0] == "m\t1");
  for (char const* const bad :
       {"", "x", "model_checkpoint_path", "model_checkpoint_path:", "model_checkpoint_path: \"a", "a: 1", "!",
        "model_checkpoint_path: \"a\nb\"", "model_checkpoint_path: \"a\\"}) {
    write(file, bad);
    CHECK(message<errors::DataLossError>([&] { io::read_checkpoint_state(here); }) ==
          file + ": does not tell a checkpoint");
  }
}
