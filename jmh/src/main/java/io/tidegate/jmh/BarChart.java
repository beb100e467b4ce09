package io.tidegate.jmh;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.w3c.dom.Document;

/** Bars in groups, as an SVG file. */
final class BarChart {

  private static final int WIDTH = 900;
  private static final int FRAME = 130;
  private static final int BAR = 14;
  private static final int GAP = 16;

  private final String title;
  private final String unit;
  private final DefaultCategoryDataset bars = new DefaultCategoryDataset();

  BarChart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  void add(String group, String bar, double value) {
    bars.addValue(value, bar, group);
  }

  void write(Path file) throws IOException {
    JFreeChart chart =
        ChartFactory.createBarChart(
            title, null, unit, bars, PlotOrientation.HORIZONTAL, true, false, false);
    chart.setBackgroundPaint(Color.WHITE);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    BarRenderer renderer = (BarRenderer) plot.getRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    int height = FRAME + bars.getColumnCount() * (bars.getRowCount() * BAR + GAP);
    SVGGraphics2D svg = new SVGGraphics2D(emptyDocument());
    svg.setSVGCanvasSize(new Dimension(WIDTH, height));
    chart.draw(svg, new Rectangle(WIDTH, height));
    try (Writer writer = Files.newBufferedWriter(file)) {
      svg.stream(writer, true); // with styles as CSS
    }
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
