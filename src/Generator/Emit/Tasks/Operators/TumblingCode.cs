using Penstock.Generator.Fusion;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with tumbling windows, each with its own state.</summary>
internal sealed class TumblingCode(Stage head, CodeWriter code, TaskNames names) : PaneCode(head, code, names)
{
    protected override bool TellsChanges => Refires;

    protected override bool NeedsHash => Folds;

    protected override string LateComment => "The row is late: its window is closed.";

    protected override string WindowType => $"global::Penstock.Windows.WindowPane<{Key}, {State}>";

    protected override string SecretInFire => "window.Secret";

    protected override string ScopeArguments => ", window.Stores";

    protected override void EmitChanged(string windows) => Code.Line(Folds
        ? $"{windows}.QueueRefire(window, key, hash, keysBefore);"
        : $"{Names.Fire(Node)}(window.StoredKey(key, hash), window, ref state, {windows}.Refire(window, keysBefore));");

    protected override void EmitLate(string windows)
    {
        using (Code.Braces($"while ({windows}.TryTakeLate(out var late))"))
        {
            Code.Line($"{Names.Fire(Node)}(late.Key, late.Window, ref late.State, late.Kind);");
        }
    }

    protected override void EmitWatermark()
    {
        var kind = Refires ? ", global::Penstock.RowKind.Insert" : "";
        Code.Line();
        using (Code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (Code.Braces($"while ({Names.Windows(Node)}.TryTakeDue(watermark, out var window))"))
            {
                Code.Line("var unfired = window.Unfired();");
                using (Code.Braces("while (unfired.MoveNext())"))
                {
                    Code.Line("ref var entry = ref unfired.Current;");
                    Code.Line($"{Names.Fire(Node)}(entry.Key, window, ref entry.State{kind});");
                    Code.Line();
                    Code.Line("// Backpressure: suspend after this key; OnWatermark is called again for the rest of the window.");
                    using (Code.Braces("if (IsBackpressured)"))
                    {
                        Code.Line($"{Names.Windows(Node)}.Pause(window, in unfired);");
                        Code.Line("return false;");
                    }
                }

                Code.Line();
                Code.Line($"{Names.Windows(Node)}.Done(window, in unfired);");
            }

            Code.Line();
            Code.Line("return true;");
        }
    }
}
