package io.tidegate.examples.drill.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.StringWriter;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.w3c.dom.Document;

/** Draws a chart into a page: as SVG whose text and lines take the page's colours. */
final class Svg {

  static final int WIDTH = 520;
  static final int HEIGHT = 300;

  /** Stand for colours that the page gives, in light and in dark. */
  static final Color INK = new Color(1, 2, 3);

  static final Color GRID = new Color(4, 5, 6);

  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");
  private static final Pattern REFERENCE = Pattern.compile("url\\(#([^)]+)\\)");

  private Svg() {}

  /**
   * The element.
   *
   * @param number of the chart in the page, so that no two have parts of one name
   */
  static String of(JFreeChart chart, String label, int number) throws IOException {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
    context.setPrecision(1);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart.draw(graphics, new Rectangle(WIDTH, HEIGHT));
    StringWriter out = new StringWriter();
    graphics.stream(out, true);
    String text = out.toString();
    String inner = text.substring(text.indexOf('>', text.indexOf("<svg")) + 1);
    String prefix = "c" + number + "-";
    inner = ID.matcher(inner).replaceAll("id=\"" + prefix + "$1\"");
    inner = REFERENCE.matcher(inner).replaceAll("url(#" + prefix + "$1)");
    return "<svg role=\"img\" aria-label=\""
        + Html.escaped(label)
        + "\" viewBox=\"0 0 "
        + WIDTH
        + " "
        + HEIGHT
        + "\" xmlns=\"http://www.w3.org/2000/svg\" "
        + "style=\"fill-opacity:1;stroke-linecap:square;stroke-miterlimit:10;"
        + "font-family:sans-serif;font-size:12px\">"
        + inner
            .replace("rgb(1,2,3)", "var(--ink)")
            .replace("rgb(4,5,6)", "var(--grid)")
            .replace("clip-path:url(#" + prefix + "clipPath1); ", "") // the whole canvas
            .replace(" text-rendering:optimizeLegibility;", "")
            .replaceAll("<!--.*?-->", "")
            .replaceAll("\\s*\\n\\s*(/?>)", "$1")
            .trim();
  }

  private static Document emptyDocument() throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultNSInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IOException("chart: no document (expected: Java's own XML)", e);
    }
  }
}
