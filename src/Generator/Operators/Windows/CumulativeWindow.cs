namespace Penstock.Generator.Operators;

/// <summary>The attribute of cumulative windows.</summary>
internal sealed class CumulativeWindow() : WindowAttribute("Step", offsetsStep: false)
{
    public override string Name => "CumulativeWindowAttribute";

    public override string Example => "[CumulativeWindow(\"1d\", Step = \"1h\")]";
}
