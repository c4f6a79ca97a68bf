using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with windows: adding a row to its window, and firing windows.</summary>
internal sealed class WindowCode
{
    private readonly Stage _head;
    private readonly OperatorNode _node;
    private readonly CodeWriter _code;
    private readonly TaskNames _names;
    private readonly string _key;
    private readonly string _state;
    private readonly bool _refires;

    // Whether several rows of a batch that change one result emit it only once. If rows of other windows can change it too, the output
    // would depend on the batch.
    private readonly bool _folds;

    public WindowCode(Stage head, CodeWriter code, TaskNames names)
    {
        _head = head;
        _node = (OperatorNode)head.Node;
        _code = code;
        _names = names;
        _key = names.Pipeline.Key(_node);
        _state = ClassParts.Contract(_node) + ".State";
        _refires = WindowModel.Of(_node).Lateness > 0;
        _folds = _refires && !_node.Applied.KeepsBeyondWindows;
    }

    /// <summary>Emits how a row is added to its window.</summary>
    public void EmitRow(RowVariable row, StageEmitter stages)
    {
        _code.Line($"var window = {stages.LocalFor(_names.Windows(_node))}.At({row.Time}, splitWatermark);");
        using (_code.Braces("if (window == null)"))
        {
            _code.Line("// The row is late: its window is closed.");
            foreach (var late in _head.SideOutputs)
            {
                stages.EmitAll(late.Next, row);
            }

            if (stages.EndRow([.. _head.SideOutputs.SelectMany(static late => late.SelfAndDescendants())]))
            {
                _code.Line();
            }

            _code.Line("continue;");
        }

        _code.Line();
        _code.Line($"var key = {_key}.Of(in {row.Name});");
        var hash = HasWider || _folds ? "hash" : $"{_key}.Hash(key, secret)";
        if (hash == "hash")
        {
            _code.Line($"var hash = {_key}.Hash(key, secret);");
        }

        if (_refires)
        {
            _code.Line("var known = window.Count;");
        }

        _code.Line($"ref var state = ref window.GetOrAdd(key, {hash});");
        EmitWider(stages, row.Time);
        _code.Line(
            $"{ClassParts.Contract(_node)}.Accumulate({stages.LocalFor(_names.Operator(_node))}, in {row.Name}, ref state{KeyState});");
        if (_refires)
        {
            using (_code.Braces("if (window.HasFired)"))
            {
                _code.Line(_folds
                    ? $"{stages.LocalFor(_names.Windows(_node))}.FireLater(window, key, hash, known);"
                    : $"{_names.Fire(_node)}(key, window, ref state, {stages.LocalFor(_names.Windows(_node))}.FireAgain(window, known));");
            }
        }
    }

    // Whether there is state outside of the entry of the key and window.
    private bool HasWider => _node.Applied.HasKeyState || _node.Applied.HasCollections;

    private string KeyState => _node.Applied.HasKeyState ? ", ref keyState" : "";

    private void EmitWider(StageEmitter stages, string time)
    {
        if (ClassParts.HasRowTime(_node))
        {
            _code.Line($"{stages.LocalFor(_names.Clock(_node))}.Enter({time});");
        }

        if (_node.Applied.HasKeyState)
        {
            _code.Line($"ref var keyState = ref {stages.LocalFor(_names.KeyTable(_node))}.GetOrAdd(key, hash);");
        }

        if (_node.Applied.HasCollections)
        {
            _code.Line($"{stages.LocalFor(_names.Scope(_node))}.Enter(key, hash, window.Stores);");
        }
    }

    /// <summary>Emits what happens when event time advances.</summary>
    public void EmitMethods()
    {
        var kind = _refires ? ", global::Penstock.RowKind.Insert" : "";
        _code.Line();
        using (_code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (_code.Braces($"while ({_names.Windows(_node)}.TryTakeDue(watermark, out var window))"))
            {
                _code.Line("var unfired = window.Unfired();");
                using (_code.Braces("while (unfired.MoveNext())"))
                {
                    _code.Line("ref var entry = ref unfired.Current;");
                    _code.Line($"{_names.Fire(_node)}(entry.Key, window, ref entry.State{kind});");
                    _code.Line();
                    _code.Line("// Backpressure: suspend after this key; OnWatermark is called again for the rest of the window.");
                    using (_code.Braces("if (IsHeldUp)"))
                    {
                        _code.Line($"{_names.Windows(_node)}.Pause(window, in unfired);");
                        _code.Line("return false;");
                    }
                }

                _code.Line();
                _code.Line($"{_names.Windows(_node)}.Done(window, in unfired);");
            }

            _code.Line();
            _code.Line("return true;");
        }

        if (_folds)
        {
            _code.Line();
            using (_code.Braces("protected override void EndRows()"))
            using (_code.Braces($"while ({_names.Windows(_node)}.TryTakeLate(out var late))"))
            {
                _code.Line($"{_names.Fire(_node)}(late.Key, late.Window, ref late.State, late.Kind);");
            }
        }

        EmitFire();
    }

    private void EmitFire()
    {
        var locals = new Names(["key", "hash", "window", "state", "keyState", "time", "kind", "error"]);
        var stages = new StageEmitter(_code, _names, locals);
        _code.Line();
        _code.Line(
            $"private void {_names.Fire(_node)}({_key} key, global::Penstock.Windows.WindowPane<{_key}, {_state}> window, ref {_state} state{(_refires ? ", global::Penstock.RowKind kind" : "")})");
        using (_code.Braces())
        {
            using (_code.Braces("try"))
            {
                if (HasWider)
                {
                    _code.Line($"var hash = {_key}.Hash(key, window.Secret);");
                    EmitWider(stages, "window.End - 1");
                }

                var fired = stages.Local(_node.Applied.Output, _node.Name);
                _code.Line(
                    $"var {fired} = {ClassParts.Contract(_node)}.Fire({_names.Operator(_node)}, new global::Penstock.Window<{_node.Key!.Value.Type}>(key.Value, window.Start, window.End), ref state{KeyState});");
                stages.EmitDownstream(_head, new RowVariable(fired, "window.End - 1", _refires ? "kind" : null));
            }

            using (_code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                _code.Line("throw Failed(error, key.ToString(), Operators);");
            }
        }
    }
}
