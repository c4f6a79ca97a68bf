namespace Penstock.Generator.Operators;

/// <summary>The attribute of tumbling windows.</summary>
internal sealed class TumblingWindow() : WindowAttribute(step: null, offsetsStep: false)
{
    public override string Name => "TumblingWindowAttribute";

    public override string Example => "[TumblingWindow(\"1h\")]";
}
