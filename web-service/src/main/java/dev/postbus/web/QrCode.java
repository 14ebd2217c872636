package dev.postbus.web;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A text as a QR code, for the page and for a file. */
final class QrCode {
  private static final int QUIET_ZONE = 4;

  private final BitMatrix modules;

  QrCode(String text) {
    try {
      modules =
          new QRCodeWriter()
              .encode(
                  text,
                  BarcodeFormat.QR_CODE,
                  0,
                  0,
                  Map.of(
                      EncodeHintType.ERROR_CORRECTION,
                      ErrorCorrectionLevel.M,
                      EncodeHintType.MARGIN,
                      QUIET_ZONE));
    } catch (WriterException e) {
      throw new IllegalArgumentException("too long for a QR code: " + text.length(), e);
    }
  }

  /** As an inline picture with a description for those who do not see it. */
  String svg(String description) {
    var size = modules.getWidth();
    var path = new StringBuilder();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        if (modules.get(x, y)) {
          path.append("M%d %dh1v1h-1z".formatted(x, y));
        }
      }
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
        shape-rendering="crispEdges"><title>%s</title>\
        <path fill="#fff" d="M0 0h%dv%dh-%dz"/><path d="%s"/></svg>"""
        .formatted(size, size, description, size, size, size, path);
  }

  /** As a part of a page. */
  String figure(String description) {
    return "<span class=\"qr\">" + svg(Html.escape(description)) + "</span>";
  }

  /**
   * As a PNG file (W3C PNG, second edition): one bit a pixel. The JDK's own writer would load the
   * whole of AWT for it.
   *
   * @param scale pixels a module
   */
  byte[] png(int scale) {
    var size = modules.getWidth() * scale;
    var rows = ByteBuffer.allocate(size * (1 + (size + 7) / 8));
    for (int y = 0; y < size; y++) {
      rows.put((byte) 0);
      for (int x = 0; x < size; x += 8) {
        int bits = 0;
        for (int i = 0; i < 8; i++) {
          var dark = x + i < size && modules.get((x + i) / scale, y / scale);
          bits = bits << 1 | (dark ? 0 : 1);
        }
        rows.put((byte) bits);
      }
    }
    var header = ByteBuffer.allocate(13).putInt(size).putInt(size).put((byte) 1).put((byte) 0);
    var png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    chunk(png, "IHDR", header.array());
    chunk(png, "IDAT", deflate(rows.array()));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    var name = type.getBytes(StandardCharsets.US_ASCII);
    var crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    png.writeBytes(name);
    png.writeBytes(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static byte[] deflate(byte[] data) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(data);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
