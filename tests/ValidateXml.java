import java.io.File;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

/** Validates XML files against a schema: java ValidateXml.java SCHEMA FILE...; one line per error, exit code 1 if any. */
public class ValidateXml {
    public static void main(String[] arguments) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "file");
        Schema schema = factory.newSchema(new File(arguments[0]));
        int[] errors = {0};
        for (int place = 1; place < arguments.length; place++) {
            String name = new File(arguments[place]).getName();
            Validator validator = schema.newValidator();
            validator.setErrorHandler(new ErrorHandler() {
                private void tell(SAXParseException error) {
                    errors[0]++;
                    System.out.println(name + ":" + error.getLineNumber() + " " + error.getMessage());
                }
                public void warning(SAXParseException error) { tell(error); }
                public void error(SAXParseException error) { tell(error); }
                public void fatalError(SAXParseException error) { tell(error); }
            });
            validator.validate(new StreamSource(new File(arguments[place])));
        }
        System.exit(errors[0] > 0 ? 1 : 0);
    }
}
